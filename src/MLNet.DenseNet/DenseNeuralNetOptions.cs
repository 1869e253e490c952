using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Everything that can be set of a dense neural network in a pipeline: the columns, the network, and how it is trained. Null stands for the option's default, which its documentation gives as its value.
/// </summary>
/// <remarks>The trainers copy the options when they are created; later changes have no effect.</remarks>
public sealed partial class DenseNeuralNetOptions : TrainingOptions
{
    internal static readonly IReadOnlyList<int> DefaultHiddenLayers = [128, 64];
    internal static readonly Activation DefaultActivation = Activation.SiLU;

    /// <summary>What each option must be, besides those of training. Tests hold that the documentation says the same.</summary>
    internal static readonly IReadOnlyList<OptionRange<DenseNeuralNetOptions>> OwnRanges =
    [
        new(nameof(InputShape), "have one, two or three dimensions", o => Text(o.InputShape), o => o.InputShape is null or { Dimensions.Length: >= 1 and <= 3 }),
        new(nameof(HiddenLayers), "have at least 1 unit in each layer", o => Text(o.HiddenLayers), o => o.HiddenLayers is null || o.HiddenLayers.All(units => units >= 1)),
        new(nameof(HiddenLayers), "be null where Layers is given", o => Text(o.HiddenLayers), o => o.HiddenLayers is null || o.Layers is null),
        new(nameof(Layers), "not contain null", o => Text(o.Layers), o => o.Layers is null || o.Layers.All(layer => layer is not null)),
        new(nameof(Activation), "be given", o => o.Activation, o => o.Activation is not null),
        new(nameof(Activation), "be an activation for hidden layers; softmax and exponential are for the output", o => o.Activation, o => o.Activation is not { IsForOutputs: true }),
        new(nameof(Activation), "stay SiLU where Layers is given: each of them has its own", o => o.Activation, o => o.Activation == DefaultActivation || o.Layers is null),
        new(nameof(Layers), "not contain a StandardizationLayer: NormalizeFeatures puts one first", o => Text(o.Layers), o => o.Layers is null || !o.Layers.Any(layer => layer is StandardizationLayer)),
        new(nameof(Layers), "not contain an EnsembleLayer: EnsembleSize makes one", o => Text(o.Layers), o => o.Layers is null || !o.Layers.Any(layer => layer is EnsembleLayer)),
        new(nameof(Layers), "not have a DropoutLayer before an EmbeddingLayer that comes first, which looks whole numbers up as they are", o => Text(o.Layers), o => !o.BeginsWithEmbedding || !o.Layers!.TakeWhile(layer => layer is not EmbeddingLayer).Any(layer => layer is DropoutLayer)),
        new(nameof(Augmentation), "be null where Layers begins with an EmbeddingLayer, which looks whole numbers up as they are", o => o.Augmentation, o => o.Augmentation is null || !o.BeginsWithEmbedding),
        new(nameof(EnsembleSize), "be in [1, 100]", o => o.EnsembleSize, o => o.EnsembleSize is null or (>= 1 and <= EnsembleLayer.MaxMembers)),
        new(nameof(NormalizeFeatures), "be a member of its enumeration", o => o.NormalizeFeatures, o => Enum.IsDefined(o.NormalizeFeatures)),
        new(nameof(NormalizeFeatures), "not be On where Layers begins with an EmbeddingLayer, which looks whole numbers up as they are", o => o.NormalizeFeatures, o => o.NormalizeFeatures != FeatureNormalization.On || !o.BeginsWithEmbedding),
        new(nameof(NumericEmbedding), "be a member of its enumeration", o => o.NumericEmbedding, o => Enum.IsDefined(o.NumericEmbedding)),
        new(nameof(NumericEmbedding), "not be On where Layers is given: put a NumericEmbeddingLayer first there", o => o.NumericEmbedding, o => o.NumericEmbedding != NumericEmbedding.On || o.Layers is null),
        new(nameof(MissingFeatures), "be a member of its enumeration", o => o.MissingFeatures, o => Enum.IsDefined(o.MissingFeatures)),
        new(nameof(DropoutRate), "be in [0, 1)", o => o.DropoutRate, o => o.DropoutRate is >= 0 and < 1),
        new(nameof(DropoutRate), "be 0 where Layers is given: put DropoutLayer objects there", o => o.DropoutRate, o => o.DropoutRate == 0 || o.Layers is null),
        new(nameof(ValidationFraction), "be 0 where ValidationSet is given", o => o.ValidationFraction, o => o.ValidationFraction == 0 || o.ValidationSet is null),
        new(nameof(DataCaching), "be a member of its enumeration", o => o.DataCaching, o => Enum.IsDefined(o.DataCaching)),
        new(nameof(Verbosity), "be a member of its enumeration", o => o.Verbosity, o => Enum.IsDefined(o.Verbosity)),
    ];

    /// <summary>The column to learn, whose type is the task: a key is a multiclass classification, Boolean a binary one, Single a regression, a known-size vector of Single a regression of several outputs, one of Boolean a classification by several labels.</summary>
    /// <value>"Label", as with ML.NET's trainers.</value>
    /// <remarks>A ranking, a task of its own, learns relevances, of Single or a key. Rows whose label is missing or infinite are skipped, and told of in the log. An anomaly detection has no label.</remarks>
    public string LabelColumnName { get; set; } = DefaultColumnNames.Label;

    /// <summary>The column to learn from, a known-size vector of Single, a key or a known-size vector of keys.</summary>
    /// <value>"Features", as with ML.NET's trainers.</value>
    /// <remarks>Rows with an infinite feature are skipped, and told of in the log; those with a missing one as <see cref="MissingFeatures"/> says. Vectors may be dense or sparse: the same values give the same model. Keys come to the network
    /// one-hot, a missing one as zeros; where <see cref="Layers"/> begins with an <see cref="EmbeddingLayer"/>, it looks them up as they are: numbers from 1, and 0 for a missing one, so that its vocabulary is one more than the keys. A model takes columns of as many keys as it has learned.</remarks>
    public string FeatureColumnName { get; set; } = DefaultColumnNames.Features;

    /// <summary>The shape of a row of features: (height, width, channels) for images, (steps, channels) for sequences, one number for a table.</summary>
    /// <value>Null: the type of the feature column tells, where it has two or three dimensions. Going on from a model, it is what that one has.</value>
    /// <remarks>
    /// <para>
    /// A column of three dimensions, as <c>ExtractPixels</c> makes one and a <c>Concatenate</c> of it alone keeps it, is an image: (height, width, channels) where only the last dimension is at most 4, else (channels, height, width), which
    /// is what <c>ExtractPixels</c> makes unless it interleaves colors. Such planes are put together to pixels where rows are read. One of two dimensions is a sequence, (steps, channels), but for one that <c>OneHotEncoding</c> makes of a vector, or of a single step, as <c>ApplyOnnxModel</c> puts out a row of numbers. All others are tables.
    /// </para>
    /// <para>
    /// Give the shape where the column has no dimensions, for which values must come pixel by pixel or step by step, or where they mean something else. Its dimensions must then be those of the column, the channels first or last; or fewer:
    /// (28, 28) makes the rows of an image the steps of a sequence, and 784 a table of it.
    /// </para>
    /// <para>
    /// A model refuses columns whose dimensions say that their values come in another order. ML.NET's <c>OneVersusAll</c> and <c>PairwiseCoupling</c> show the models in them rows without their column, so there the order is for the caller to keep.
    /// </para>
    /// <para>Features of images and sequences are standardized by channel. Example: <c>new(32, 32, 3)</c>; its type, <see cref="Shape"/>, is in the namespace <c>MLNet.DenseNet.Engine</c>.</para>
    /// </remarks>
    public Shape? InputShape { get; set; }

    /// <summary>The column that says how much each row counts, of Single, finite and above 0.</summary>
    /// <value>Null: all rows count the same.</value>
    /// <remarks>A weight of 2 is a row twice. Weights are multiplied by <see cref="TrainingOptions.ClassWeights"/>, where there are any. Rows with another weight are skipped, and told of in the log.</remarks>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The column that says which rows belong together in a ranking, such as the documents of a query: a key, UInt32 or UInt64.</summary>
    /// <value>Null, which in a ranking is "GroupId", as with ML.NET's trainers.</value>
    /// <remarks>
    /// Rows of a group need not be neighbours. A batch has whole groups, as many as have about <see cref="BatchSize"/> rows, and rows are held out group by group. Each group counts as much as its mean weight says, however many rows it has. Rows whose key is missing are skipped, and told of in the log. In other tasks
    /// it must be null.
    /// </remarks>
    public string? RowGroupColumnName { get; set; }

    /// <summary>The column that says which rows are held out together or not at all, such as the visits of a patient: a key, UInt32 or UInt64.</summary>
    /// <value>Null: each row is held out by itself, in a ranking each group (<see cref="RowGroupColumnName"/>), where it must be null.</value>
    /// <remarks>
    /// ML.NET's <c>TrainTestSplit</c> and <c>CrossValidate</c> have it under the same name. Where some rows of a patient are learned from and others measured with, the measured loss is too good, and training stops too late. Rows of a group need not be neighbours. <see cref="ValidationFraction"/> is the share of the groups then, as many of each class, by what most of their rows are, as of all;
    /// groups without which a class has no row are learned from. By default an eighth is held out, one group at least. Rows whose key is missing are skipped, and told of in the log. The rows of a <see cref="ValidationSet"/> need no such column. Rows are kept in memory.
    /// </remarks>
    public string? SamplingKeyColumnName { get; set; }

    /// <summary>Whether each feature, of images and sequences each channel, is brought to mean 0 and variance 1 by its mean and deviation over the training rows, which become part of the model.</summary>
    /// <value>Auto, which is yes: features of different sizes are what most often keeps a network from learning. Going on from a model, it is what that one has. Where <see cref="Layers"/> begins with an <see cref="EmbeddingLayer"/>, it is no.</value>
    /// <remarks>
    /// Far values are clipped smoothly, to at most 3 deviations, with principal components (<see cref="NumericEmbedding"/>) and in an anomaly detection 10, so that no rare one decides alone; 100 in a linear model, and in a regression by <see cref="MeanSquaredError"/> where a linear model of up to 256
    /// columns has at most half the error so, or nine tenths where it tells four fifths of the label's variance. Words beside numbers (<see cref="NumericEmbedding"/>) are not shifted, and their values that are not 0 are brought to a mean square of 1, as those of rows that are kept sparse. In networks without <see cref="Layers"/> of one's own, indicators, these words and the features of rows that are kept sparse are weighed by how surely they go with the label, where those that may tell nothing are as many as a quarter of the rows; where they are fewer, but as many as one row in fifty, those that are no values of a category, of which a row has one, are weighed if three of four may tell nothing. Nothing comes of a feature of one value only, whatever it is later, but in an anomaly detection; the log says how many there are. The values of one that has two, such as an indicator of a
    /// category, are 2 apart, however rare one of them is.
    /// </remarks>
    public FeatureNormalization NormalizeFeatures { get; set; }

    /// <summary>Whether the network learns piecewise-linear functions of each number, over bins of its values in the training rows, beside the number itself.</summary>
    /// <value>
    /// Auto: in tables of up to 2,048 features, where <see cref="HiddenLayers"/> and <see cref="Layers"/> are left open. Steps and spikes in a column are what trees find and a dense layer is slow to learn.
    /// There are 2 functions of each number, from 800 rows on 8, of more than two classes from 400 for each, of more than 256 numbers 2,048 in all, over 128 bins, or fewer where these have all values of each number at their edges. A whole number of up to 1,024 values, of eight rows each in the mean, whose labels jump from one to the next, such as a code of products, has a bin for each, and a number of more values, whose labels jump between 256 ranges of eight rows or more each, such as a time of which the hour counts, 384 bins, in memory. Going on from a model, it is what that one has.
    /// </value>
    /// <remarks>
    /// Features of one or two values are no numbers and go through. So do, with Auto, words beside numbers, such as <c>FeaturizeText</c> makes them: in tables of up to 2,048 features 128 columns or more that are 0 in half of the rows or more, and whose other values deviate from their mean by half of it at most. Functions of each would take most of the time, and learn chance. So do nearly all features of rows that are kept sparse, 128 or more of them: those of more than 256, nearly all 0, with no column of numbers that mostly are not, and those of more than 2,048. Numbers
    /// among them, up to 1,024 columns of several values, or, where these are more, those of them that are not 0 in more than 95 % of the first 1,000 rows, have their functions beside the first hidden layer (<see cref="WideAndDeepLayer"/>), where Auto would give them some in a table; what is said elsewhere of embedded numbers is not said of these. The functions
    /// begin at 0, so that where a column is smooth they stay small. On, beside an empty list of <see cref="HiddenLayers"/>, makes an additive model. In <see cref="Layers"/>, a
    /// <see cref="NumericEmbeddingLayer"/> may stand first; its bins are set by the training rows too.
    /// <para>
    /// Where columns of numbers go together, as in spectra and curves, or where small differences between them tell much, up to 128 of their principal components are numbers beside them (<see cref="PrincipalComponentsLayer"/>), as many as a linear model needs to tell rows that are left out best. Of more
    /// features than rows, up to 16,384, of which such a model leaves at most half of the label's variance, or of up to 2,048 that go together nine tenths, the network is linear in the components, without a hidden layer, and begins at that model: with Auto, a <see cref="MeanSquaredError"/> or a cross-entropy of classes, and no weights of rows or classes. So it is in memory, with up to 64 outputs, where <see cref="HiddenLayers"/> and <see cref="Layers"/> are left open, features are standardized and this is not Off.
    /// </para>
    /// <para>
    /// In a regression by <see cref="MeanSquaredError"/> of a table in memory of up to 256 columns, indicators of missing values included, without such components, of which a linear model tells four fifths of the label's variance or more, weighted sums of all columns are added to the outputs (<see cref="WideAndDeepLayer"/>). They begin as that model, and the network learns what is left.
    /// </para>
    /// <para>
    /// With Auto, where ten numbers or more of a table in memory would have functions, and three of four and as many as one row in fifty tell no more of one label than chance would, alone or with another column, only the others have functions, which begin at a scale that says how surely they tell something, and the rest counts a twentieth;
    /// not beside principal components, not with losses of quantiles, and not where none surely tells something. The log says how many there are.
    /// </para>
    /// </remarks>
    public NumericEmbedding NumericEmbedding { get; set; }

    /// <summary>Whether rows with missing features, not-a-number, are learned from.</summary>
    /// <value>
    /// Auto: in standardized tables, without <see cref="Layers"/> of one's own and an <see cref="ImageAugmentation"/>, they are. A missing feature counts as the mean of its column, zeros that sparse vectors leave out included, and for each column that misses any an indicator tells the network. Elsewhere such
    /// rows are skipped. Going on from a model, columns of which it met no missing value are such places too.
    /// </value>
    /// <remarks>What was done is told in the log. So it is at prediction, where a column that missed no value in training may be missing too: where features are standardized, that counts as the mean, and in an anomaly detection not at all; where they are not, and with Skip, scores are no number.</remarks>
    public MissingFeatures MissingFeatures { get; set; }

    /// <summary>Rows to measure with after each epoch, never to learn from.</summary>
    /// <value>Null: rows are measured with where <see cref="ValidationFraction"/> or its default holds some out.</value>
    /// <remarks>
    /// <para>
    /// The set may come as it comes to the pipeline, or as the steps before the trainer transform it. Those steps that it has not gone through are applied to it, as they were fitted on the training rows. They are the steps that the
    /// training data shows when it comes to the trainer; filters, shuffles and caches among them are left out. Which ones the set has gone through is told by how many steps it shows itself and by its columns, hidden ones included: a step
    /// that changes a column in place leaves the old one hidden. A transformed set that was saved and read again shows neither, so give it as it came at first.
    /// </para>
    /// <para>Keys of the label are taken by the values that they stand for, where both sets have them. The validation set of <c>Fit(trainData, validationData)</c> goes before this one. It cannot be combined with <see cref="ValidationFraction"/>, nor used within <c>OneVersusAll</c> and <c>PairwiseCoupling</c>, which make labels of their own.</para>
    /// </remarks>
    public IDataView? ValidationSet { get; set; }

    /// <summary>A model of the same task and layers to go on from, which does not change.</summary>
    /// <value>Null, to begin anew.</value>
    /// <remarks>
    /// As <c>Fit(trainData, modelParameters)</c>, for pipelines and cross-validations; the model of a <c>Fit</c> goes before this one. <c>GetDenseNeuralNet()</c> finds it in a fitted or loaded pipeline. Classes are taken by the values that
    /// their keys stand for: where the data has them in another order, the new model has the data's. Features and outputs that have names must have them in the model's order.
    /// </remarks>
    public IDenseNeuralNetModel? InitialModel { get; set; }

    /// <summary>The number of units of each hidden layer, each at least 1.</summary>
    /// <value>
    /// Null, which is 128 and 64, and 64 and 32 where numbers are embedded (<see cref="NumericEmbedding"/>): enough for most tables, and quick to train. For images, features of three dimensions, with at
    /// least 4 pixels a side, null is a small convolutional network instead: as many 3 x 3 convolutions of 32, 64 and at most 128 filters, each followed by a max pooling, as bring the
    /// sides below 8, then a dense layer of 128 units between dropouts; for sequences, features of two dimensions, with 4 to 4,096 steps, one of convolutions of 5 steps with 16, 32 and at most 64 filters. Of rows that are kept sparse, words and categories (<see cref="NumericEmbedding"/>), it is 64 and 32, in a classification 32. Of more features than rows that a linear model tells much of (<see cref="NumericEmbedding"/>) there is no hidden layer, nor is there with fewer rows than features, more than 2,048, that are not kept sparse: it would learn only chance. Without principal components, standardized features are then weighed by the eighth power of their correlation with the label, of each network by the rows that it learns from, and its weights begin at 0. Nor is there one in a table of which less than 30 rows, and a tenth of all or less, are of other classes than the commonest: so few tell no more than what a linear model learns of them. In an anomaly detection null is 64, the square root of the number of features, and 64. Going on from a model of dense layers, null is those that it has.
    /// </value>
    /// <remarks>An empty list makes the model linear, with a <see cref="LearningRate"/> and a <see cref="WeightDecay"/> of its own. It cannot be combined with <see cref="Layers"/>.</remarks>
    public IReadOnlyList<int>? HiddenLayers { get; set; }

    /// <summary>The hidden layers one by one.</summary>
    /// <value>Null: <see cref="HiddenLayers"/>, <see cref="Activation"/> and <see cref="DropoutRate"/> make them.</value>
    /// <remarks>The trainer adds the output layer, the standardization of the features and the ensemble. Example: <c>[new DenseLayer(64, Activation.GELU), new DropoutLayer(0.2f)]</c>.</remarks>
    public IReadOnlyList<Layer>? Layers { get; set; }

    /// <summary>The activation of the hidden layers.</summary>
    /// <value>SiLU: its gradient does not fade from layer to layer, and being smooth it fits tables better than ReLU.</value>
    /// <remarks>Softmax and the exponential are for outputs alone. Where <see cref="Layers"/> is given, each of them has its own.</remarks>
    public Activation Activation { get; set; } = DefaultActivation;

    /// <summary>The activation of the output layer.</summary>
    /// <value>Null, which fits the task: softmax for multiclass, sigmoid for binary, identity for regression and ranking, there exponential with a <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>.</value>
    /// <remarks>A multiclass network may have sigmoid outputs too, a regression and a ranking any activation but softmax whose values cover the labels; an exponential one begins at the mean label. <see cref="Loss"/> has to fit it.</remarks>
    public Activation? OutputActivation { get; set; }

    /// <summary>The share of each hidden layer's outputs that training drops at random, in [0, 1).</summary>
    /// <value>0, for none: it helps only networks that learn their rows by heart. In the network that <see cref="HiddenLayers"/> make for images, 0 stands for 0.5, in that for sequences for 0.3.</value>
    /// <remarks>Where <see cref="Layers"/> is given, put <see cref="DropoutLayer"/> objects there. Nothing is dropped while measuring or predicting.</remarks>
    public float DropoutRate { get; set; }

    /// <summary>The number of networks that are trained together, in [1, 100], each from other initial weights.</summary>
    /// <value>
    /// Null, which is 4, or 2 from 3,000 rows on where rows are not sparse. It is 1 where <see cref="NumberOfEpochs"/> or <see cref="Layers"/> is given, where rows are streamed, for more than 10,000 outputs or features, of sparse rows for more than 8,388,608 weights of the first layer, and where <see cref="HiddenLayers"/> are left to be those for images, or for sequences of more than 512 steps. In an anomaly detection it is 1. Going on from a model, it is as many as that one has.
    /// </value>
    /// <remarks>
    /// The model predicts the mean of their logits, of their logarithms where outputs are exponential, or of the numbers that they predict. Several networks predict better and depend less on the seed than one of the same size; each costs the time and memory of one. Where rows are
    /// held out by default, each network leaves out another eighth of them, so that no row is lost to all.
    /// </remarks>
    public int? EnsembleSize { get; set; }

    /// <summary>Where the rows are while training goes over them: in memory, or streamed from the data view in each epoch.</summary>
    /// <value>Auto: in memory where the rows take at most a quarter of the memory available, else streamed.</value>
    /// <remarks>
    /// <para>A ranking is always in memory, since nobody knows where in a stream the last row of a group is. Without <see cref="TrainingOptions.Shuffle"/> both give the same model to the bit where <see cref="Layers"/>, <see cref="EnsembleSize"/> and the number of epochs are given and no rows are held out; with it, the order of the rows is another one. What else is chosen by the rows, such as principal components or how far features may reach, needs them in memory.</para>
    /// <para>
    /// Of streamed rows, those that are held out are kept in memory up to 32 MB and 262,144 rows, a smaller share where they would be more. They are chosen in the first pass and told from the others by their identity in the data view. A
    /// validation set that takes more is streamed as well.
    /// </para>
    /// </remarks>
    public DataCaching DataCaching { get; set; }

    /// <summary>How much training tells in the log of the <see cref="MLContext"/>.</summary>
    /// <value>Epochs: a line for each epoch, which costs little.</value>
    /// <remarks>Warnings are told whatever it says.</remarks>
    public Verbosity Verbosity { get; set; } = Verbosity.Epochs;

    /// <summary>The embedding that looks the features up, which are then whole numbers; null where none comes first.</summary>
    internal EmbeddingLayer? LookedUpBy => Layers is null ? null : LookedUpNumbers.By(Layers);

    /// <summary>Whether features are whole numbers that the first layer looks up.</summary>
    internal bool BeginsWithEmbedding => LookedUpBy is not null;

    internal DataLimits DataLimits { get; set; } = new();

    /// <summary>Options of a user, checked.</summary>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it, its value and the range.</exception>
    internal static DenseNeuralNetOptions Checked(DenseNeuralNetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    /// <inheritdoc/>
    internal override void Validate()
    {
        base.Validate();
        CheckName(LabelColumnName, nameof(LabelColumnName));
        CheckName(FeatureColumnName, nameof(FeatureColumnName));
        if (RowGroupColumnName is not null)
            CheckName(RowGroupColumnName, nameof(RowGroupColumnName));
        if (SamplingKeyColumnName is not null)
            CheckName(SamplingKeyColumnName, nameof(SamplingKeyColumnName));
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

    /// <summary>Whether the options leave open how steps are taken and when they end.</summary>
    internal bool LeavesStepsOpen => this is { Optimizer: null, LearningRate: null, LearningRateSchedule: null, EarlyStopping: null };

    /// <summary>Whether the options say that the features go to the output layer.</summary>
    internal bool HasNoHiddenLayer => Layers is { } layers ? layers.All(layer => layer is DropoutLayer) : HiddenLayers is { Count: 0 };

    /// <exception cref="OperationCanceledException">Training was cancelled before there is anything of it.</exception>
    internal void ThrowIfCanceled()
    {
        if (IsCanceled)
            throw new OperationCanceledException("Training was canceled before its first epoch.", CancellationToken);
    }

    private static void CheckName(string? name, string option)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"The option {option} is {(name is null ? "null" : "empty")}; it must be a column's name.", option);
    }

    /// <summary>The option <see cref="Layers"/> as errors show it.</summary>
    internal string? LayersText => Text(Layers);

    /// <summary>The option <see cref="HiddenLayers"/> as errors show it.</summary>
    internal string? HiddenLayersText => Text(HiddenLayers);

    private static string? Text(Shape? shape) => shape is { Size: 0 } ? "without dimensions" : shape?.ToString();

    private static string? Text<T>(IReadOnlyList<T>? list) => list is null ? null : $"[{string.Join(", ", list.Select(item => item?.ToString() ?? "null"))}]";
}
