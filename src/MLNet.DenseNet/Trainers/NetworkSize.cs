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

    // The parameter, its gradient, its average where one is asked for, and the optimizer's state.
    private readonly int _valuesPerParameter = 2 + (options.AverageWeights == true ? 1 : 0) + (options.Optimizer ?? StepDefaults.Optimizer).StateCount;

    /// <param name="features">The feature column as the user has it.</param>
    /// <param name="input">The shape in which the network takes it.</param>
    /// <param name="label">The label column.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are too many features or outputs; the message names the column, what it would take and how many are possible. Or layers of the options are too large where a network without hidden layers would not be,
    /// or cannot take the shape that comes to them; the message names the option and the layer.
    /// </exception>
    public void Check(DataViewSchema.Column features, Shape input, DataViewSchema.Column label, int outputs)
    {
        CheckLayers(features, input, outputs);
        if (Problem(input, outputs) is not { } problem)
            return;
        // The larger of the two makes the network too large, unless the layers do.
        var (role, column) = outputs > input.Size ? ("label", label) : ("feature", features);
        var most = (role, input.Dimensions.Length) switch
        {
            ("label", _) => Possible(Most(outputs, n => Problem(input, n) is null), "outputs"),
            (_, 1) => Possible(Most(input.Size, n => Problem(n, outputs) is null), "features"),
            // How many are possible depends on which of the dimensions grows.
            _ => "",
        };
        if (Chosen() is var (option, value) && Problem(input, outputs, [new DenseLayer(outputs)]) is null)
            TrainingOptions.Check(false, option, value, $"make a network that can be trained here on the feature column '{features.Name}' of type {features.Type}. {problem}{most}".TrimEnd('.'));
        var advice = column.Type.GetItemType() is KeyDataViewType ? " A key has as many values as its type says, whether they occur or not; MapValueToKey makes one of those that occur." : "";
        throw host.ExceptParam(role, $"The {role} column '{column.Name}' has the type {column.Type}. {problem}{most}{advice}");
    }

    /// <summary>Refuses indicators of missing features that would make the network too large, which only the rows tell.</summary>
    /// <param name="features">The feature column as the user has it.</param>
    /// <param name="input">The shape in which the network takes it.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="missing">How many features are missing in some rows.</param>
    /// <exception cref="InvalidOperationException">They would; the message says what can be done.</exception>
    public void CheckMissing(DataViewSchema.Column features, Shape input, int outputs, int missing)
    {
        if (missing > 0 && Problem((int)Math.Min(int.MaxValue, (long)input.Size + missing), outputs) is { } problem)
        {
            throw host.Except(FormattableString.Invariant($"Of the {input.Size:N0} features in the column '{features.Name}', {missing:N0} are missing in some rows, and each of these needs an indicator. {problem}")
                + $" The option {nameof(options.MissingFeatures)} leaves such rows out where it is {MissingFeatures.Skip}, and ReplaceMissingValues fills them in.");
        }
    }

    private static string Possible(int most, string what) => most == 0 ? "" : FormattableString.Invariant($" With these layers, up to {most:N0} {what} are possible on this machine.");

    /// <summary>The option that says which hidden layers there are, and its value; null where none does.</summary>
    private (string Option, string? Value)? Chosen() =>
        options.Layers is not null ? (nameof(options.Layers), options.LayersText) : options.HiddenLayers is not null ? (nameof(options.HiddenLayers), options.HiddenLayersText) : null;

    private string? Problem(Shape input, int outputs) => Problem(input, outputs, buildLayers(input, outputs));

    /// <returns>Why there can be no such network; null where it can be.</returns>
    private string? Problem(Shape input, int outputs, IReadOnlyList<Layer> layers)
    {
        try
        {
            var (values, length) = NetworkSizes.Of(input, layers);
            var bytes = sizeof(float) * (double)length * _valuesPerParameter + BytesPerColumn * ((double)input.Size + outputs);
            return bytes <= AvailableMemory.Total ? null : FormattableString.Invariant(
                $"Its network has {values:N0} parameters, whose training takes {bytes / 1e9:N1} GB of memory or more; {AvailableMemory.Total / 1e9:N1} GB are there.");
        }
        catch (ArgumentException error)
        {
            return ShapeErrors.WithoutParameter(error.Message);
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
            var requirement = $"fit the feature column '{features.Name}' of type {features.Type}, which the network takes as {input}. {ShapeErrors.WithoutParameter(error.Message)}{Advice(input, outputs)}";
            TrainingOptions.Check(false, nameof(options.Layers), options.LayersText, requirement.TrimEnd('.'));
        }
    }

    private string Advice(Shape input, int outputs) => input.Dimensions switch
    {
        [_] => $" The option {nameof(options.InputShape)} tells the shape of images and sequences.",
        [var height, var width, var channels] when Problem(new Shape(height, width * channels), outputs) is null =>
            $" The option {nameof(options.InputShape)} can make the rows of an image the steps of a sequence: {new Shape(height, width * channels)}.",
        _ => "",
    };

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
