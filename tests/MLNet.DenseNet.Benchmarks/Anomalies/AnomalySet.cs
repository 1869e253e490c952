using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Normal rows, half of them to learn from, and anomalies to be told from the other half.</summary>
/// <param name="Name">The name in the table; sets of one name are shown as their mean.</param>
/// <param name="Normal">As people have them: neither scaled nor centred.</param>
/// <param name="Anomalies">Likewise.</param>
/// <param name="Contamination">The share of the rows to learn from that are anomalies all the same.</param>
internal sealed record AnomalySet(string Name, float[][] Normal, float[][] Anomalies, double Contamination = 0)
{
    public int Inputs => Normal[0].Length;

    /// <summary>Divides the rows at random. The columns are "Features" and "Label", which is 1 for anomalies.</summary>
    public (IDataView Training, IDataView Test) Divide(MLContext mlContext, int seed)
    {
        var random = new Random(seed);
        var (normal, anomalies) = (Normal.ToArray(), Anomalies.ToArray());
        random.Shuffle(normal);
        random.Shuffle(anomalies);
        var half = normal.Length / 2;
        var hidden = (int)Math.Round(Contamination * half);
        var training = normal[..half].Concat(anomalies[..hidden]).ToArray();
        random.Shuffle(training);
        return (View(training.Select(row => new Row { Features = row })), View([.. normal[half..].Select(row => new Row { Features = row }), .. anomalies[hidden..].Select(row => new Row { Features = row, Label = 1 })]));

        IDataView View(IEnumerable<Row> rows)
        {
            var schema = SchemaDefinition.Create(typeof(Row));
            schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
            return mlContext.Data.LoadFromEnumerable(rows.ToArray(), schema);
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
