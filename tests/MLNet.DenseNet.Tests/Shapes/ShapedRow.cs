using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>A made-up image with a label for every task. The same image may come in planes, as ExtractPixels gives it, in pixels, or as a list of pixels without dimensions.</summary>
internal sealed class ShapedRow
{
    public const int Height = 12;
    public const int Width = 10;
    public const int Channels = 3;
    public const int Size = Height * Width * Channels;

    public static readonly Engine.Shape Shape = new(Height, Width, Channels);

    /// <summary>The dimensions of a column, by the order of its values.</summary>
    public static IReadOnlyDictionary<string, int[]> Orders { get; } = new Dictionary<string, int[]>
    {
        ["planes"] = [Channels, Height, Width],
        ["pixels"] = [Height, Width, Channels],
        ["flat"] = [Size],
    };

    public VBuffer<float> Features { get; set; }

    public uint Label { get; set; }

    public bool Flag { get; set; }

    public float Number { get; set; }

    public float[] Numbers { get; set; } = [];

    /// <summary>Where the pixel lies that the regression's label depends on most.</summary>
    public static int DecidingSlot(string order) => SlotOf(order, channel: 1, y: 4, x: 7);

    /// <summary>The place of a value in a row.</summary>
    public static int SlotOf(string order, int channel, int y, int x) => order == "planes" ? (channel * Height + y) * Width + x : (y * Width + x) * Channels + channel;

    /// <summary>The column that a task learns.</summary>
    public static string LabelOf(string task) => task switch
    {
        Tasks.Multiclass => nameof(Label),
        Tasks.Binary => nameof(Flag),
        Tasks.Regression => nameof(Number),
        _ => nameof(Numbers),
    };

    /// <summary>The same rows in any order, dense or sparse.</summary>
    /// <param name="order">One of <see cref="Orders"/>.</param>
    /// <param name="count">How many.</param>
    /// <param name="share">The share of values that are not 0.</param>
    /// <param name="isSparse">Whether vectors leave zeros out.</param>
    /// <param name="seed">Determines the values.</param>
    /// <param name="flat">Whether the column does not say its dimensions.</param>
    public static IDataView View(string order, int count = 90, double share = 0.6, bool isSparse = false, int seed = 1, bool flat = false)
    {
        var schema = SchemaDefinition.Create(typeof(ShapedRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Orders[flat ? "flat" : order]);
        schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), 3);
        schema[nameof(Numbers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        var random = new Random(seed);
        return new MLContext(seed: 1).Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => Create(random, order, share, isSparse)).ToArray(), schema);
    }

    private static ShapedRow Create(Random random, string order, double share, bool isSparse)
    {
        var values = new float[Size];
        float First(int channel, int y, int x) => values[SlotOf(order, channel, y, x)];
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var pixel = 0; pixel < Height * Width; pixel++)
            {
                var value = (1 + channel) * random.NextSingle() + channel;
                values[SlotOf(order, channel, pixel / Width, pixel % Width)] = random.NextDouble() < share ? value : 0;
            }
        }

        var stored = Enumerable.Range(0, Size).Where(i => values[i] != 0 || i % 50 == 0).ToArray();
        return new ShapedRow
        {
            Features = isSparse ? new VBuffer<float>(Size, stored.Length, [.. stored.Select(i => values[i])], stored) : new VBuffer<float>(Size, values),
            Label = (uint)(First(0, 0, 0) > 0.3f ? 1 : First(1, 3, 3) > 1 ? 2 : 0),
            Flag = First(2, 5, 5) > First(1, 4, 7),
            Number = 4 * First(1, 4, 7),
            Numbers = [First(0, 1, 1), First(2, 2, 2)],
        };
    }
}
