using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Refuses columns whose types call for a network too large for this machine, before a row is read or memory is taken. A type may say that a vector has two thousand million values, or a
/// key as many.
/// </summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="options">The options of the training. An ensemble whose size is left open counts as one network.</param>
/// <param name="buildLayers">Makes the layers for an input shape and a number of outputs.</param>
internal sealed class NetworkSize(IHost host, DenseNeuralNetOptions options, Func<Shape, int, IReadOnlyList<Layer>> buildLayers)
{
    // The statistics that reading rows keeps of each feature and each output.
    private const int BytesPerColumn = 32;

    // The parameter, its gradient, and the optimizer's state.
    private readonly int _valuesPerParameter = 2 + (options.Optimizer ?? DefaultSettings.Optimizer).StateCount;

    /// <param name="features">The feature column.</param>
    /// <param name="input">The shape in which the network takes it.</param>
    /// <param name="label">The label column.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are too many features or outputs; the message names the column, what it would take and how many are possible. Or a layer of the options cannot take the shape that comes to it; the message
    /// names the option and the layer.
    /// </exception>
    public void Check(DataViewSchema.Column features, Shape input, DataViewSchema.Column label, int outputs)
    {
        CheckLayers(features, input, outputs);
        if (Problem(input, outputs) is not { } problem)
            return;
        // The larger of the two makes the network too large.
        var (role, column) = outputs > input.Size ? ("label", label) : ("feature", features);
        var most = (role, input.Dimensions.Length) switch
        {
            ("label", _) => FormattableString.Invariant($" With these layers, up to {Most(outputs, n => Problem(input, n) is null):N0} outputs are possible on this machine."),
            (_, 1) => FormattableString.Invariant($" With these layers, up to {Most(input.Size, n => Problem(n, outputs) is null):N0} features are possible on this machine."),
            // How many are possible depends on which of the dimensions grows.
            _ => "",
        };
        var advice = column.Type is KeyDataViewType ? " A key has as many values as its type says, whether they occur or not; MapValueToKey makes one of those that occur." : "";
        throw host.ExceptParam(role, $"The {role} column '{column.Name}' has the type {column.Type}. {problem}{most}{advice}");
    }

    /// <returns>Why there can be no such network; null where it can be.</returns>
    private string? Problem(Shape input, int outputs)
    {
        try
        {
            var (values, length) = NetworkSizes.Of(input, buildLayers(input, outputs));
            var bytes = sizeof(float) * (double)length * _valuesPerParameter + BytesPerColumn * ((double)input.Size + outputs);
            return bytes <= AvailableMemory.Total ? null : FormattableString.Invariant(
                $"Its network has {values:N0} parameters, whose training takes {bytes / 1e9:N1} GB of memory or more; {AvailableMemory.Total / 1e9:N1} GB are there.");
        }
        catch (ArgumentException error)
        {
            return WithoutParameter(error);
        }
    }

    /// <summary>Refuses layers of the options that cannot take what comes before them.</summary>
    private void CheckLayers(DataViewSchema.Column features, Shape input, int outputs)
    {
        try
        {
            NetworkSizes.Of(input, buildLayers(input, outputs));
        }
        catch (ArgumentOutOfRangeException)
        {
            // They are too large, which depends on the columns.
        }
        catch (ArgumentException error)
        {
            var advice = input.Dimensions.Length > 1 ? "" : $" The option {nameof(options.InputShape)} tells the shape of images and sequences.";
            var requirement = $"fit the feature column '{features.Name}' of type {features.Type}, which the network takes as {input}. {WithoutParameter(error)}{advice}";
            TrainingOptions.Check(false, nameof(options.Layers), options.LayersText, requirement.TrimEnd('.'));
        }
    }

    /// <summary>Cut before the name of the engine's parameter, which the user has never seen.</summary>
    private static string WithoutParameter(ArgumentException error) => error.Message.Split(" (Parameter '")[0];

    private static int Most(int tooMany, Func<int, bool> isPossible)
    {
        var most = 0;
        for (var end = tooMany; end - most > 1;)
        {
            var middle = most + (end - most) / 2;
            (most, end) = isPossible(middle) ? (middle, end) : (most, middle);
        }

        return most;
    }
}
