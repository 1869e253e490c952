using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Columns;

/// <summary>Compares what columns stand for with what those of the training rows stand for, so that no class and no feature is taken for another.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">The log, for names that differ.</param>
/// <param name="training">The columns of the training rows.</param>
internal sealed class ColumnAgreement(IHost host, IChannel channel, RoleMappedSchema training)
{
    private readonly ColumnMeanings _training = ColumnMeanings.Of(training);

    /// <summary>Compares a validation set.</summary>
    /// <param name="validation">Its columns.</param>
    /// <returns>For each key of its label the class among those of the training rows, from 0; null where it is the same key.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It has another number of classes, targets or features.</exception>
    /// <exception cref="ArgumentException">One of its classes is not among those of the training rows, a name stands for another slot, or a key that an embedding looks up for another value.</exception>
    public int[]? Check(RoleMappedSchema validation)
    {
        var (label, features) = (validation.Label!.Value, validation.Feature!.Value);
        CheckType("feature", training.Feature!.Value, features);
        var meanings = ColumnMeanings.Of(validation);
        CheckNames("feature", features.Name, "validation data", meanings.Features, _training.Features, "validationData");
        CheckLookedUp(features.Name, "validation data", meanings.LookedUp, "validationData");
        CheckNames("label", label.Name, "validation data", meanings.Outputs, _training.Outputs, "validationData");
        if (_training.Classes is not { } expected || meanings.Classes is not { } actual)
        {
            CheckType("label", training.Label!.Value, label);
            return null;
        }

        if (actual.Match(expected))
            return null;
        return actual.PlacesAmong(expected) ?? throw host.ExceptParam(
            "validationData", $"The keys of the label column '{label.Name}' stand for {actual} in the validation data and for {expected} in the training data; all of the former must be among the latter. {WhatToDo}");
    }

    /// <summary>Compares a model to go on from.</summary>
    /// <param name="model">What it has learned; null where that is not known.</param>
    /// <param name="parameter">What the caller knows the model by.</param>
    /// <returns>For each class of the training rows the output that the model has for it; null where it is the same one, or not known.</returns>
    /// <exception cref="ArgumentException">The classes are others, a name stands for another slot, or a key that an embedding looks up for another value.</exception>
    public int[]? Check(ColumnMeanings? model, string parameter)
    {
        CheckNames("feature", training.Feature!.Value.Name, "model to go on from", model?.Features, _training.Features, parameter);
        CheckLookedUp(training.Feature!.Value.Name, "model to go on from", model?.LookedUp, parameter);
        CheckNames("label", training.Label!.Value.Name, "model to go on from", model?.Outputs, _training.Outputs, parameter);
        if (_training.Classes is not { } expected || model?.Classes is not { } learned || learned.Match(expected))
            return null;
        // Each class needs an output of its own, so the values must all differ.
        return expected.PlacesAmong(learned) is { } places && places.Distinct().Count() == learned.Values.Count ? places : throw host.ExceptParam(
            parameter, $"The model to go on from has learned the classes {learned}; the keys of the label column '{training.Label!.Value.Name}' stand for {expected}. {WhatToDo}");
    }

    private static string WhatToDo => "Map both with the MapValueToKey that was fitted first, or give each the same keyData.";

    private void CheckType(string role, DataViewSchema.Column expected, DataViewSchema.Column actual)
    {
        if (!expected.Type.Equals(actual.Type))
            throw host.ExceptSchemaMismatch("validationData", role, actual.Name, expected.Type.ToString(), actual.Type.ToString());
    }

    /// <summary>Refuses keys that stand for other values: an embedding knows them by their numbers.</summary>
    private void CheckLookedUp(string column, string other, KeyValues? actual, string parameter)
    {
        if (actual is not null && _training.LookedUp is { } expected && !actual.Match(expected))
            throw host.ExceptParam(parameter, $"The keys of the feature column '{column}', which an embedding looks up, stand for {actual} in the {other} and for {expected} in the training data. {WhatToDo}");
    }

    /// <summary>Refuses known names in other slots. Warns of unknown names, which may be the same things renamed.</summary>
    private void CheckNames(string role, string column, string other, SlotNames? actual, SlotNames? expected, string parameter)
    {
        if (actual is null || expected is null || actual.Match(expected))
            return;
        var lists = $"The slots of the {role} column '{column}' are {actual} in the {other} and {expected} in the training data";
        if (actual.FirstMoved(expected) is var (name, here, there))
            throw host.ExceptParam(parameter, $"{lists}: '{name}' is slot {here} in the one and slot {there} in the other. They must be in the same order; transform both with the steps that were fitted first.");
        channel.Warning($"{lists}; they are taken for the same by their places.");
    }
}
