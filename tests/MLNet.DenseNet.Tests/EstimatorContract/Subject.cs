using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.DenseNet.Tests.EstimatorContract;

/// <summary>An estimator under the contract, with data that it must take and data that it must refuse.</summary>
/// <param name="task">One of <see cref="Tasks"/>, by which the label is made.</param>
/// <param name="create">Makes the estimator, of the columns <see cref="Label"/>, <see cref="Features"/> and <see cref="Weight"/>.</param>
/// <param name="dimensions">Those of the features' type, of images or sequences; null for a vector without dimensions.</param>
/// <param name="hasLabel">Whether it takes the label.</param>
/// <param name="isRanking">Whether the data has a column <see cref="Group"/>.</param>
/// <param name="hasKeys">Whether the features are a key.</param>
internal sealed class Subject(string task, Func<MLContext, IEstimator<ITransformer>> create, int[]? dimensions = null, bool hasLabel = true, bool isRanking = false, bool hasKeys = false)
{
    // None of ML.NET's default names, so that no estimator can be right by taking those.
    public const string Label = "Target";
    public const string Features = "Inputs";
    public const string Weight = "Importance";
    public const string Group = "Query";

    private ITransformer? _preparation;
    private IEstimator<ITransformer>? _estimator;

    public MLContext MLContext { get; } = new(seed: 1);

    public IEstimator<ITransformer> Estimator => _estimator ??= Create();

    /// <summary>Rows as they come, of the columns of <see cref="Sample"/>.</summary>
    public IDataView Rows => MLContext.Data.LoadFromEnumerable(Sample.Rows(40).Select((row, i) =>
    {
        row.Weight = 1 + i % 3;
        return row;
    }).ToList());

    /// <summary>The rows as the estimator takes them.</summary>
    public IDataView Data => Prepare(Rows);

    /// <summary>Data for the same estimator with more features, other rows and another number of classes or outputs.</summary>
    public IDataView OtherData
    {
        get
        {
            var rows = MLContext.Data.LoadFromEnumerable(Sample.Rows(60, seed: 2).Where(row => row.Category != "low").ToList());
            int[]? others = dimensions is null ? null : [.. Enumerable.Repeat(1, dimensions.Length - 2), Sample.FeatureCount + 1, 1];
            return Preparation([nameof(Sample.Features), nameof(Sample.Weight)], [nameof(Sample.Numbers), nameof(Sample.Number)], others).Fit(rows).Transform(rows);
        }
    }

    /// <summary>Data that fitting must refuse, each with the column to be named.</summary>
    public IEnumerable<(string Column, IDataView Data)> UnfitForTraining =>
    [
        .. UnfitFeatures,
        .. hasLabel ? [(Label, Without(Label)), (Label, Replace(Label, nameof(Sample.Category)))] : Array.Empty<(string, IDataView)>(),
        (Weight, Without(Weight)),
        (Weight, Replace(Weight, nameof(Sample.Category))),
        (Weight, Replace(Weight, nameof(Sample.Numbers))),
        .. UnfitGroups,
    ];

    private IEnumerable<(string Column, IDataView Data)> UnfitGroups => !isRanking ? [] :
    [
        (Group, Without(Group)),
        (Group, Replace(Group, nameof(Sample.Category))),
        (Group, Replace(Group, nameof(Sample.Number))),
    ];

    /// <summary>Data that a fitted model must refuse, each with the column to be named.</summary>
    public IEnumerable<(string Column, IDataView Data)> UnfitForPrediction => [.. UnfitFeatures, (Features, OtherData)];

    private IEnumerable<(string Column, IDataView Data)> UnfitFeatures =>
    [
        (Features, Without(Features)),
        (Features, Replace(Features, nameof(Sample.Number))),
        (Features, Replace(Features, nameof(Sample.Category))),
        (Features, Apply(hasKeys ? MLContext.Transforms.Conversion.MapKeyToValue(Features) : MLContext.Transforms.Conversion.ConvertType(Features, outputKind: DataKind.Double))),
    ];

    /// <summary>Another estimator like <see cref="Estimator"/>, of a context of its own.</summary>
    public IEstimator<ITransformer> Create() => create(new MLContext(seed: 1));

    public IDataView Prepare(IDataView rows) =>
        (_preparation ??= Preparation([nameof(Sample.Features)], [nameof(Sample.Numbers)], dimensions).Fit(Rows)).Transform(rows);

    public IDataView Without(params string[] columns) => Apply(MLContext.Transforms.DropColumns(columns));

    private IDataView Replace(string column, string by) => Apply(MLContext.Transforms.CopyColumns(column, by));

    private IDataView Apply(IEstimator<ITransformer> estimator) => estimator.Fit(Data).Transform(Data);

    private EstimatorChain<ColumnCopyingTransformer> Preparation(string[] features, string[] numbers, int[]? dimensions)
    {
        var transforms = MLContext.Transforms;
        IEstimator<ITransformer> label = task switch
        {
            Tasks.Multiclass => transforms.Conversion.MapValueToKey(Label, nameof(Sample.Category)),
            Tasks.MultiOutput => transforms.Concatenate(Label, numbers),
            _ => transforms.CopyColumns(Label, Tasks.LabelOf(task)),
        };
        IEstimator<ITransformer> inputs = hasKeys ? label.Append(transforms.Conversion.MapValueToKey(Features, nameof(Sample.Category))) : label.Append(transforms.Concatenate(Features, features));
        var shaped = dimensions is null ? inputs : inputs.Append(Shaping(dimensions));
        if (isRanking)
            shaped = shaped.Append(transforms.Conversion.MapValueToKey(Group, nameof(Sample.Category)));
        return shaped.Append(transforms.CopyColumns(Weight, nameof(Sample.Weight)));
    }

    /// <summary>Gives the features dimensions, as ML.NET's steps for images do.</summary>
    private CustomMappingEstimator<Vector, Vector> Shaping(int[] dimensions)
    {
        var (before, after) = (SchemaDefinition.Create(typeof(Vector)), SchemaDefinition.Create(typeof(Vector)));
        before[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions.Aggregate((product, length) => product * length));
        after[Features].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return MLContext.Transforms.CustomMapping<Vector, Vector>((from, to) => to.Inputs = from.Inputs, contractName: null, before, after);
    }

    private sealed class Vector
    {
        public VBuffer<float> Inputs { get; set; }
    }
}
