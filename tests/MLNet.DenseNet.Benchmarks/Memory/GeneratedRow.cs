using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A made-up row; rows are made one at a time as they are read, so that they take no memory.</summary>
internal sealed class GeneratedRow
{
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public uint Class { get; set; }

    public static IDataView View(MLContext mlContext, int rows, int columns, int classes = 2)
    {
        var schema = SchemaDefinition.Create(typeof(GeneratedRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        schema[nameof(Class)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return mlContext.Data.LoadFromEnumerable(Rows(rows, columns, classes), schema);
    }

    private static IEnumerable<GeneratedRow> Rows(int count, int columns, int classes)
    {
        var row = new GeneratedRow { Features = new float[columns] };
        for (var i = 0; i < count; i++)
        {
            var random = new RandomBits(1, (ulong)i);
            random.FillUniform(row.Features, 1);
            // Three decimals keep a file of text short.
            for (var j = 0; j < columns; j++)
                row.Features[j] = MathF.Round(row.Features[j], 3);
            row.Label = row.Features[0] * row.Features[1] + row.Features[2];
            // Objects count keys from 0.
            row.Class = (uint)(i % classes);
            yield return row;
        }
    }
}
