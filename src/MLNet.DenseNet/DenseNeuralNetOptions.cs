using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Everything that can be set of a dense neural network in a pipeline: the columns, the network, and (from <see cref="TrainingOptions"/>)
/// how it is trained. The trainers copy the options when they are created; later changes have no effect.
/// </summary>
public sealed class DenseNeuralNetOptions : TrainingOptions
{
    internal static readonly IReadOnlyList<int> DefaultHiddenLayers = [128, 64];

    /// <summary>What each option must be, beside those of training; the tests hold that the documentation says the same.</summary>
    internal static readonly IReadOnlyList<OptionRange<DenseNeuralNetOptions>> OwnRanges =
    [
        new(nameof(HiddenLayers), "have at least 1 unit in each layer", o => Text(o.HiddenLayers), o => o.HiddenLayers is null || o.HiddenLayers.All(units => units >= 1)),
        new(nameof(HiddenLayers), "be null where Layers is given", o => Text(o.HiddenLayers), o => o.HiddenLayers is null || o.Layers is null),
        new(nameof(Layers), "not contain null", o => Text(o.Layers), o => o.Layers is null || o.Layers.All(layer => layer is not null)),
        new(nameof(Activation), "be given", o => o.Activation, o => o.Activation is not null),
        new(nameof(Activation), "be an activation for hidden layers; softmax is for the output", o => o.Activation, o => o.Activation != Activation.Softmax),
        new(nameof(Activation), "stay SiLU where Layers is given: each of them has its own", o => o.Activation, o => o.Activation == Activation.SiLU || o.Layers is null),
        new(nameof(Layers), "not contain a StandardizationLayer: NormalizeFeatures puts one first", o => Text(o.Layers), o => o.Layers is null || !o.Layers.Any(layer => layer is StandardizationLayer)),
        new(nameof(Layers), "not contain an EnsembleLayer: EnsembleSize makes one", o => Text(o.Layers), o => o.Layers is null || !o.Layers.Any(layer => layer is EnsembleLayer)),
        new(nameof(EnsembleSize), "be in [1, 100]", o => o.EnsembleSize, o => o.EnsembleSize is null or (>= 1 and <= EnsembleLayer.MaxMembers)),
        new(nameof(NormalizeFeatures), "be a member of its enumeration", o => o.NormalizeFeatures, o => Enum.IsDefined(o.NormalizeFeatures)),
        new(nameof(DropoutRate), "be in [0, 1)", o => o.DropoutRate, o => o.DropoutRate is >= 0 and < 1),
        new(nameof(DropoutRate), "be 0 where Layers is given: put DropoutLayer objects there", o => o.DropoutRate, o => o.DropoutRate == 0 || o.Layers is null),
        new(nameof(ValidationFraction), "be 0 where ValidationSet is given", o => o.ValidationFraction, o => o.ValidationFraction == 0 || o.ValidationSet is null),
        new(nameof(DataCaching), "be a member of its enumeration", o => o.DataCaching, o => Enum.IsDefined(o.DataCaching)),
        new(nameof(Verbosity), "be a member of its enumeration", o => o.Verbosity, o => Enum.IsDefined(o.Verbosity)),
    ];

    /// <summary>The column to learn; "Label" by default, as with ML.NET's trainers. Its type is the task: a key is a multiclass classification, Boolean a binary one, Single a regression, a known-size vector of Single a regression of several outputs.</summary>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column to learn from, a known-size vector of Single; "Features" by default, as with ML.NET's trainers.</summary>
    public string FeatureColumnName { get; set; } = DefaultColumnNames.Features;

    /// <summary>The column that says how much each row counts, of Single; null, the default, where all count the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Whether each feature is brought to mean 0 and variance 1 by its mean and deviation over the training rows, which become part of the model. Yes by default: features of
    /// different size are what most often keeps a network from learning. Far values are smoothly clipped to at most 3 deviations, so that no rare one decides alone; a feature of one value only is shifted and not scaled.
    /// </summary>
    public FeatureNormalization NormalizeFeatures { get; set; }

    /// <summary>
    /// Rows to measure with after each epoch, never to learn from, as they come to the pipeline or as its steps before the trainer transform them; null, the default, for none or those that
    /// <see cref="TrainingOptions.ValidationFraction"/> splits off.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The steps that the set has not gone through are applied to it, as they were fitted on the training rows. They are those that the training data shows when it comes to the trainer; filters, shuffles and caches among
    /// them are left out. Which ones it has gone through is told by its columns, hidden ones included: a step that changes a column in place leaves the old one hidden. A transformed set that was saved
    /// and read again has lost those, so give it as it came at first.
    /// </para>
    /// <para>Keys of the label are taken by the values that they stand for, where both sets have them. The validation set of <c>Fit(trainData, validationData)</c> goes before this one.</para>
    /// </remarks>
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// A model of the same task and layers to go on from, which does not change: as <c>Fit(trainData, modelParameters)</c>, for pipelines and cross-validations. Null, the default, to begin anew.
    /// <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline. The model of a <c>Fit</c> goes before this one.
    /// </summary>
    /// <remarks>Classes are taken by the values that their keys stand for: where the data has them in another order, the new model has the data's. Features and outputs that have names must have them in the model's order.</remarks>
    public IDenseNeuralNetModel? InitialModel { get; set; }

    /// <summary>The number of units of each hidden layer, each at least 1. Null, the default, is 128 and 64, enough for most tables and quick to train; an empty list makes the model linear.</summary>
    public IReadOnlyList<int>? HiddenLayers { get; set; }

    /// <summary>The hidden layers one by one, instead of <see cref="HiddenLayers"/>, <see cref="Activation"/> and <see cref="DropoutRate"/>; null, the default, to use those. The output layer is added by the trainer.</summary>
    public IReadOnlyList<Layer>? Layers { get; set; }

    /// <summary>The activation of the hidden layers; <see cref="Activation.SiLU"/> by default: its gradient does not fade from layer to layer, and being smooth it fits tables better than ReLU. Softmax is for outputs alone.</summary>
    public Activation Activation { get; set; } = Activation.SiLU;

    /// <summary>
    /// The activation of the output layer. Null, the default, fits the task: softmax for multiclass, sigmoid for binary, identity for
    /// regression. A multiclass network may have sigmoid outputs too, a regression any activation whose values cover the labels.
    /// </summary>
    public Activation? OutputActivation { get; set; }

    /// <summary>The share of each hidden layer's outputs that training drops at random, in [0, 1); 0, none, by default, since it helps only networks that learn their rows by heart.</summary>
    public float DropoutRate { get; set; }

    /// <summary>
    /// How many networks are trained together, in [1, 100], each from other initial weights; the model predicts the mean of their logits, or of the numbers that they predict.
    /// Several predict better and depend less on the seed than one of the same size; each costs the time and memory of one. Null, the default, is 4 where the number of epochs is
    /// left open too: each network then leaves out another eighth of the rows, which say when to stop, so that none is lost to all. It is 1 where <see cref="TrainingOptions.NumberOfEpochs"/>
    /// or <see cref="Layers"/> is given, where rows are streamed, and for more than 10,000 features or outputs; going on from a model, as many as it has.
    /// </summary>
    public int? EnsembleSize { get; set; }

    /// <summary>
    /// Where the rows are while training goes over them: in memory, or streamed from the data view in each epoch. <see cref="DataCaching.Auto"/> by default, by their size and the memory available.
    /// Without <see cref="TrainingOptions.Shuffle"/> both give the same model to the bit; with it, the order of the rows is another one.
    /// </summary>
    /// <remarks>
    /// Of streamed rows, those that <see cref="TrainingOptions.ValidationFraction"/> holds out are kept in memory up to 32 MB and 262,144 rows, a smaller share where they would be more; they are chosen in the first pass and told from the others by their identity in the data view. A validation
    /// set that takes more is streamed as well. Where <see cref="TrainingOptions.NumberOfThreads"/> is null, one core is left to the reading.
    /// </remarks>
    public DataCaching DataCaching { get; set; }

    /// <summary>How much training tells in the log of the <see cref="MLContext"/>; a line for each epoch by default, which costs little.</summary>
    public Verbosity Verbosity { get; set; } = Verbosity.Epochs;

    internal DataLimits DataLimits { get; set; } = new();

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        CheckName(LabelColumnName, nameof(LabelColumnName));
        CheckName(FeatureColumnName, nameof(FeatureColumnName));
        if (ExampleWeightColumnName is not null)
            CheckName(ExampleWeightColumnName, nameof(ExampleWeightColumnName));
        foreach (var range in OwnRanges)
            range.Check(this);
    }

    /// <inheritdoc/>
    internal override DenseNeuralNetOptions Copy()
    {
        var copy = (DenseNeuralNetOptions)base.Copy();
        copy.HiddenLayers = HiddenLayers is null ? null : [.. HiddenLayers];
        copy.Layers = Layers is null ? null : [.. Layers];
        return copy;
    }

    /// <summary>The layers of the network: the standardization of the features, where there is one, then the hidden ones and the output, or an ensemble of them.</summary>
    internal IReadOnlyList<Layer> BuildLayers(int outputs, Activation outputActivation, bool isStandardizing)
    {
        var layers = new List<Layer>(Layers ?? []);
        if (Layers is null)
        {
            foreach (var units in HiddenLayers ?? DefaultHiddenLayers)
            {
                layers.Add(new DenseLayer(units, Activation));
                if (DropoutRate > 0)
                    layers.Add(new DropoutLayer(DropoutRate));
            }
        }

        layers.Add(new DenseLayer(outputs, outputActivation));
        if (EnsembleSize is > 1 and var size)
            layers = [new EnsembleLayer(size, layers)];
        if (isStandardizing)
            layers.Insert(0, new StandardizationLayer());
        return layers;
    }

    private static void CheckName(string? name, string option)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"The option {option} is {(name is null ? "null" : "empty")}; it must be a column's name.", option);
    }

    private static string? Text<T>(IReadOnlyList<T>? list) => list is null ? null : $"[{string.Join(", ", list.Select(item => item?.ToString() ?? "null"))}]";
}
