using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>The rows of a data view as training sees them: columns of features, labels, weights and groups.</summary>
/// <param name="data">The rows and the roles of their columns.</param>
/// <param name="set">What the rows are: "training" or "validation", for messages.</param>
/// <param name="classCount">The number of classes, or 0 where labels are numbers.</param>
/// <param name="outputs">The number of values of a label, where labels are numbers.</param>
/// <param name="mayBeSparse">Whether training can do with sparse rows.</param>
/// <param name="planes">The planes of an image that come one after the other; 1 where features come as the network takes them (FeatureLayout).</param>
/// <param name="missingColumns">The slots of which features may be missing, null for all: rows that miss another one are not used.</param>
/// <param name="lookedUpBy">The embedding that looks the features up; null where they may be any numbers.</param>
/// <param name="classOfKey">The class of each key of the label; null where they are in the classes' order.</param>
internal sealed class RowColumns(RoleMappedData data, string set, int classCount, int outputs, bool mayBeSparse, int planes, IReadOnlyList<int>? missingColumns, EmbeddingLayer? lookedUpBy, int[]? classOfKey = null)
{
    private readonly HashSet<int>? _missingColumns = missingColumns?.ToHashSet();

    public IDataView View => data.Data;

    public string Set => set;

    public DataViewSchema.Column Feature { get; } = data.Schema.Feature!.Value;

    public DataViewSchema.Column Label { get; } = data.Schema.Label!.Value;

    /// <summary>Whether labels are read. Where the features are learned, their column stands in for that of the label.</summary>
    public bool HasLabels { get; init; } = true;

    /// <summary>Whether labels that are vectors of numbers have to be 0 or 1.</summary>
    public bool AreLabelsZeroOrOne { get; init; }

    public DataViewSchema.Column? Weight { get; } = data.Schema.Weight;

    /// <summary>Tells which rows belong together; null where they are in no groups.</summary>
    public DataViewSchema.Column? Group { get; init; } = data.Schema.Group;

    /// <summary>Whether the rows of a group are learned together; otherwise they are only held out together.</summary>
    public bool LearnsGroups { get; } = data.Schema.Group is not null;

    /// <summary>Features a row.</summary>
    public int Inputs => ((VectorDataViewType)Feature.Type).Size;

    /// <summary>How the features of these rows are kept in memory.</summary>
    public FeatureStorage Storage { get; } = new(((VectorDataViewType)data.Schema.Feature!.Value.Type).Size, mayBeSparse);

    /// <summary>The planes of an image that come one after the other; 1 where features come as the network takes them.</summary>
    public int Planes => planes;

    /// <summary>Whether the feature in a slot may be missing.</summary>
    public bool MayMiss(int slot) => _missingColumns?.Contains(slot) != false;

    /// <summary>Whether any feature may be missing.</summary>
    public bool MayMissAll => _missingColumns is null || _missingColumns.Count == Inputs;

    /// <summary>The embedding that looks the features up; null where they may be any numbers.</summary>
    public EmbeddingLayer? LookedUpBy => lookedUpBy;

    public int ClassCount => classCount;

    /// <summary>The class of each key of the label, from 0; null where they are in the classes' order.</summary>
    public int[]? ClassOfKey => classOfKey;

    public int Outputs => outputs;

    /// <summary>The bytes that a row takes in memory, on average. Rows count as dense until it is decided that they are not.</summary>
    public long BytesPerRow => Storage.BytesPerRow + BytesBesideFeatures;

    /// <summary>The bytes that a row's label, weight and group take.</summary>
    public long BytesBesideFeatures => sizeof(float) * (long)((ClassCount > 0 ? 1 : Outputs) + (Weight is null ? 0 : 1)) + (Group is null ? 0 : sizeof(ulong));

    /// <summary>The columns that a cursor has to read.</summary>
    public IEnumerable<DataViewSchema.Column> All => [Feature, Label, .. new[] { Weight, Group }.OfType<DataViewSchema.Column>()];
}
