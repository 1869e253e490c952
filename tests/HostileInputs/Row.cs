using Microsoft.ML.Data;

namespace HostileInputs;

/// <summary>A row with a label for every task.</summary>
internal sealed class Row
{
    public VBuffer<float> Features { get; set; }

    public uint Key { get; set; } = 1;

    public bool Flag { get; set; }

    public float Number { get; set; }

    public VBuffer<float> Numbers { get; set; } = new(2, [0, 0]);

    public VBuffer<bool> Flags { get; set; } = new(2, [false, true]);

    /// <summary>Labels that are numbers.</summary>
    public VBuffer<float> Ones { get; set; } = new(2, [0, 1]);

    /// <summary>Features that are keys: of 4 values, 0 is a missing one.</summary>
    public VBuffer<uint> Keys { get; set; } = new(KeyCount, [1, 2, 0, 3, 4]);

    public uint Group { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>The keys of a row.</summary>
    public const int KeyCount = 5;

    /// <summary>The values of each.</summary>
    public const int KeyValues = 4;

    public static SchemaDefinition Schema(int length)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        schema[nameof(Numbers)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        schema[nameof(Flags)].ColumnType = new VectorDataViewType(BooleanDataViewType.Instance, 2);
        schema[nameof(Ones)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        schema[nameof(Keys)].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), KeyValues), KeyCount);
        schema[nameof(Key)].ColumnType = new KeyDataViewType(typeof(uint), 3);
        return schema;
    }

    /// <summary>Sparse where that pays, dense otherwise.</summary>
    public static List<Row> Some(int count, int length)
    {
        var random = new Random(count + length);
        return [.. Enumerable.Range(0, count).Select(number => new Row
        {
            Features = length > 256
                ? new VBuffer<float>(length, 3, [1, random.NextSingle(), -1], [number % 100, 100 + number, 200 + number % 90])
                : new VBuffer<float>(length, [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())]),
            Key = (uint)(number % 3 + 1),
            Group = (uint)(number / 4),
            Flag = number % 2 == 0,
            Number = random.NextSingle(),
            Numbers = new VBuffer<float>(2, [random.NextSingle(), number]),
            Flags = new VBuffer<bool>(2, [number % 2 == 0, number % 3 == 0]),
            Ones = new VBuffer<float>(2, [number % 2, number % 3 / 2]),
            Keys = new VBuffer<uint>(KeyCount, [.. Enumerable.Range(0, KeyCount).Select(_ => (uint)random.Next(KeyValues + 1))]),
        })];
    }
}

/// <summary>What a model makes of a row.</summary>
internal sealed class Scored
{
    public float Score { get; set; }

    public VBuffer<float> Scores { get; set; }

    /// <summary>With the score of a task under the name that its type has here.</summary>
    public static SchemaDefinition Schema(string task)
    {
        var schema = SchemaDefinition.Create(typeof(Scored));
        var isVector = Task.HasSeveralScores(task);
        schema.Remove(schema[isVector ? nameof(Score) : nameof(Scores)]);
        schema[isVector ? nameof(Scores) : nameof(Score)].ColumnName = "Score";
        return schema;
    }
}
