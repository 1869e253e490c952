using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Rows in memory: all of a data view, or one chunk of a stream after the other.</summary>
/// <param name="columns">What a row has.</param>
internal sealed class RowBuffer(RowColumns columns)
{
    private readonly ValueBuffer<float> _weights = new("weights");

    // What identifies each row's group.
    private readonly ValueBuffer<ulong> _groups = new("groups");

    public FeatureBuffer Features { get; } = new(columns.Inputs, columns.Storage);

    /// <summary>The labels, where they are classes.</summary>
    public ValueBuffer<int> Classes { get; } = new("labels");

    /// <summary>The labels, where they are numbers: (rows x outputs), row-major.</summary>
    public ValueBuffer<float> Targets { get; } = new("labels");

    public int Rows => Features.Rows;

    /// <summary>The memory that the rows take.</summary>
    public long Bytes => Features.Bytes + Rows * columns.BytesBesideFeatures;

    /// <summary>Adds the cursor's current row.</summary>
    public void Add(RowCursor row)
    {
        Features.Add(row.Features);
        row.Label.AddTo(this);
        if (columns.Weight is not null)
            _weights.Add(1)[0] = row.Weight;
        if (columns.Group is not null)
            _groups.Add(1)[0] = row.Group;
    }

    /// <summary>Forgets the rows, so that others can be added in their memory.</summary>
    public void Clear()
    {
        Features.Clear();
        Classes.Clear();
        Targets.Clear();
        _weights.Clear();
        _groups.Clear();
    }

    /// <summary>The rows, one or more; valid until they are cleared.</summary>
    public Dataset ToDataset()
    {
        var rows = WithoutGroups();
        if (columns.Group is null)
            return rows;
        var groups = RowGroups.Of(_groups.Values.Span);
        return columns.LearnsGroups ? rows.WithGroups(groups) : rows.WithHeldOutTogether(groups);
    }

    private Dataset WithoutGroups() => (Features.ToSparse(), columns.ClassCount > 0) switch
    {
        (null, true) => Dataset.FromClasses(columns.Inputs, columns.ClassCount, Features.Dense, Classes.Values, _weights.Values),
        (null, false) => Dataset.FromTargets(columns.Inputs, columns.Outputs, Features.Dense, Targets.Values, _weights.Values),
        ({ } sparse, true) => Dataset.FromClasses(sparse, columns.ClassCount, Classes.Values, _weights.Values),
        ({ } sparse, false) => Dataset.FromTargets(sparse, columns.Outputs, Targets.Values, _weights.Values),
    };
}
