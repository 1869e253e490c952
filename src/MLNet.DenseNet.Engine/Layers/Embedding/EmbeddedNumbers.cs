namespace MLNet.DenseNet.Engine;

/// <summary>Where embedded numbers and their functions lie in a row of the output: first the inputs, numbers or not, each in its place, then the functions of one number after the other.</summary>
/// <param name="columns">(numbers): which of the inputs they are.</param>
/// <param name="inputs">Inputs of a row.</param>
/// <param name="units">Functions of a number.</param>
internal readonly struct EmbeddedNumbers(int[] columns, int inputs, int units)
{
    /// <summary>How many numbers are embedded.</summary>
    public int Count => columns.Length;

    /// <summary>Inputs of a row.</summary>
    public int Inputs => inputs;

    /// <summary>Outputs of a row.</summary>
    public int RowLength => inputs + columns.Length * units;

    /// <summary>Where a number itself lies, in the row of the output as in that of the input.</summary>
    public int Own(int number) => columns[number];

    /// <summary>Where its functions begin.</summary>
    public int Functions(int number) => inputs + number * units;
}
