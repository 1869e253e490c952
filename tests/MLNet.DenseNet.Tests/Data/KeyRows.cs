using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>A made-up row with keys, of which some are missing, with what ML.NET and plain code make of them, and with a label for every task.</summary>
internal sealed class KeyRows
{
    /// <summary>A key.</summary>
    public const string Color = "Color";

    /// <summary>A vector of two keys.</summary>
    public const string Colors = "Colors";

    /// <summary>What ML.NET makes of the key.</summary>
    public const string OneHot = "OneHot";

    private const string Missing = "missing";

    public string Text { get; set; } = "";

    [VectorType(2)]
    public string[] Texts { get; set; } = [];

    public string Category { get; set; } = "";

    public bool Flag { get; set; }

    public float Number { get; set; }

    [VectorType(2)]
    public float[] Numbers { get; set; } = [];

    /// <summary>Those of both keys, one after the other.</summary>
    public float[] OneHots { get; set; } = [];

    /// <summary>From 1, and 0 for a missing one.</summary>
    [VectorType(2)]
    public float[] KeyNumbers { get; set; } = [];

    public static IDataView View(MLContext mlContext, int count, int colors, int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, colors).Select(color => string.Create(CultureInfo.InvariantCulture, $"v{color}"))];
        var rows = Sample.Rows(count, seed).Select(row => Create(row, names, [random.Next(colors + 1), random.Next(colors + 1), random.Next(colors + 1)])).ToList();
        var schema = SchemaDefinition.Create(typeof(KeyRows));
        schema[nameof(OneHots)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2 * colors);
        var data = mlContext.Data.LoadFromEnumerable(rows, schema);
        var values = mlContext.Data.LoadFromEnumerable(names.Select(name => new Value { Key = name }));
        var conversion = mlContext.Transforms.Conversion;
        return conversion.MapValueToKey(Color, nameof(Text), keyData: values).Append(conversion.MapValueToKey(Colors, nameof(Texts), keyData: values))
            .Append(conversion.MapKeyToVector(OneHot, Color)).Append(conversion.MapValueToKey("Label", nameof(Category))).Fit(data).Transform(data);
    }

    private static KeyRows Create(Sample row, string[] names, int[] colors) => new()
    {
        Text = Name(names, colors[0]),
        Texts = [Name(names, colors[1]), Name(names, colors[2])],
        OneHots = [.. colors.Skip(1).SelectMany(_ => names, (color, name) => color < names.Length && names[color] == name ? 1f : 0)],
        KeyNumbers = [.. colors.Skip(1).Select(color => color < names.Length ? color + 1f : 0)],
        Category = row.Category,
        Flag = row.Flag,
        Number = row.Number,
        Numbers = row.Numbers,
    };

    private static string Name(string[] names, int color) => color < names.Length ? names[color] : Missing;

    private sealed class Value
    {
        public string Key { get; set; } = "";
    }
}
