using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>A made-up row with a label for every task; all labels depend on the features.</summary>
public sealed class Sample
{
    public const int FeatureCount = 4;

    /// <summary>The columns of a text file that rows were saved to.</summary>
    public static TextLoader.Column[] TextColumns =>
    [
        new(nameof(Features), DataKind.Single, 0, FeatureCount - 1),
        new(nameof(Category), DataKind.String, 4),
        new(nameof(Flag), DataKind.Boolean, 5),
        new(nameof(Number), DataKind.Single, 6),
        new(nameof(Numbers), DataKind.Single, 7, 8),
        new(nameof(Weight), DataKind.Single, 9),
    ];

    [VectorType(FeatureCount)]
    public float[] Features { get; set; } = [];

    public string Category { get; set; } = "";

    public bool Flag { get; set; }

    public float Number { get; set; }

    [VectorType(2)]
    public float[] Numbers { get; set; } = [];

    public float Weight { get; set; } = 1;

    public static List<Sample> Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Create([.. Enumerable.Range(0, FeatureCount).Select(_ => random.NextSingle() * 2 - 1)]))];
    }

    private static Sample Create(float[] x) => new()
    {
        Features = x,
        Category = x[0] + x[1] > 0.4f ? "high" : x[0] + x[1] < -0.4f ? "low" : "middle",
        Flag = x[0] * x[1] > 0,
        Number = x[0] * x[0] - x[2],
        Numbers = [x[0] + x[1], x[2] * x[3]],
    };
}
