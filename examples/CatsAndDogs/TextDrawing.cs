namespace CatsAndDogs;

/// <summary>Draws in the console, two characters a value, so that they are about square.</summary>
internal static class TextDrawing
{
    /// <summary>Draws values, row by row, each from 0, a blank, to <paramref name="largest"/>, "@".</summary>
    public static void Print(float[] values, int width, float largest = 1)
    {
        foreach (var row in values.Chunk(width))
            Console.WriteLine("  " + string.Concat(row.Select(value => new string(" .:-=+*#%@"[(int)(9 * value / largest)], 2))));
    }
}
