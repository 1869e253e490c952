using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A table to learn from.</summary>
/// <param name="Name">The name in the tables and on the command line.</param>
/// <param name="Task">What is to be learned.</param>
/// <param name="Inputs">The features a row.</param>
/// <param name="Features">(rows x inputs), as people have them: neither scaled nor centred.</param>
/// <param name="Labels">(rows): a number, or a class from 0.</param>
/// <param name="Truth">(rows x outputs), for made data: what one who knew how it was made would predict. Null for real data.</param>
/// <param name="Texts">A text a row for each column of text beside the features; null where there are none.</param>
internal sealed record TabularSet(string Name, TabularTask Task, int Inputs, float[] Features, float[] Labels, double[]? Truth = null, IReadOnlyList<string[]>? Texts = null)
{
    public int Rows => Labels.Length;

    public int ClassCount { get; } = Task == TabularTask.Regression ? 0 : (int)Labels.Max() + 1;

    /// <summary>The numbers that a prediction has a row: the target, or the probability of each class.</summary>
    public int Outputs => Math.Max(1, ClassCount);

    /// <summary>Some rows for ML.NET, with the columns "Features", "Texts" where there are any, and "Label" in the type that says the task.</summary>
    public IDataView CreateView(MLContext mlContext, IReadOnlyList<int> rows)
    {
        var label = Task switch
        {
            TabularTask.Regression => nameof(Row.Number),
            TabularTask.Binary => nameof(Row.IsSecond),
            _ => nameof(Row.Key),
        };
        var schema = SchemaDefinition.Create(typeof(Row));
        schema.RemoveAll(column => column.MemberName != nameof(Row.Features) && (Texts is null || column.MemberName != nameof(Row.Texts)) && column.MemberName != label);
        schema.Single(column => column.MemberName == label).ColumnName = "Label";
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
        if (Texts is not null)
            schema[nameof(Row.Texts)].ColumnType = new VectorDataViewType(TextDataViewType.Instance, Texts.Count);
        if (Task == TabularTask.Multiclass)
            schema.Single(column => column.MemberName == label).ColumnType = new KeyDataViewType(typeof(uint), ClassCount);
        return mlContext.Data.LoadFromEnumerable(rows.Select(CreateRow).ToArray(), schema);
    }

    private Row CreateRow(int row) => new()
    {
        Features = Features[(row * Inputs)..((row + 1) * Inputs)],
        Texts = [.. (Texts ?? []).Select(column => column[row])],
        Number = Labels[row],
        IsSecond = Labels[row] == 1,
        // ML.NET makes 1 of 0 by itself.
        Key = (uint)Math.Max(0, Labels[row]),
    };

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string[] Texts { get; set; } = [];

        public float Number { get; set; }

        public bool IsSecond { get; set; }

        public uint Key { get; set; }
    }
}
