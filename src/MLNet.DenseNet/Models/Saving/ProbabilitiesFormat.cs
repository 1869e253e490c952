using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>The byte layout of numbers in [0, 1], one for each output of a network, which follow it: the thresholds of labels, or the quantiles that are predicted. Numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// bytes 4    "MLDT" for thresholds, "MLDQ" for quantiles
/// uint16     version of the layout: 1
/// float32    for each output its number, in [0, 1]; quantiles are inside and ascend
/// uint32     CRC-32C of all bytes before
/// </code>
/// </remarks>
internal sealed class ProbabilitiesFormat
{
    private const ushort Version = 1;

    private readonly SavedFrame _frame;
    private readonly string _output;
    private readonly Func<float[], int, bool> _isRight;

    /// <param name="signature">The first bytes.</param>
    /// <param name="what">What the numbers are, in the plural.</param>
    /// <param name="output">What an output is called.</param>
    /// <param name="isRight">Says of the number of an output whether it may be; those before are known.</param>
    private ProbabilitiesFormat(ReadOnlySpan<byte> signature, string what, string output, Func<float[], int, bool> isRight)
    {
        (_output, _isRight) = (output, isRight);
        _frame = SavedFrame.InModel(signature, what, Version);
    }

    /// <summary>For each label of a multi-label classification the probability above which it is predicted.</summary>
    public static ProbabilitiesFormat Thresholds { get; } = new("MLDT"u8, "thresholds", "label", (values, i) => values[i] is >= 0 and <= 1);

    /// <summary>For each output of a quantile regression the share of labels below it.</summary>
    public static ProbabilitiesFormat Quantiles { get; } = new("MLDQ"u8, "quantiles", "output", (values, i) => values[i] is > 0 and < 1 && (i == 0 || values[i] > values[i - 1]));

    public void Write(IReadOnlyList<float> values, BinaryWriter destination) => _frame.Write(destination, writer =>
    {
        foreach (var value in values)
            writer.Write(value);
    });

    /// <param name="source">At their beginning.</param>
    /// <param name="outputs">How many there are.</param>
    /// <exception cref="FormatException">The data is damaged, or of a newer version.</exception>
    public float[] Read(BinaryReader source, int outputs) => _frame.Read(source, (reader, _) =>
    {
        var values = new float[outputs];
        for (var i = 0; i < outputs; i++)
        {
            values[i] = reader.ReadSingle();
            if (!_isRight(values, i))
                throw new DamageException(FormattableString.Invariant($"that of {_output} {i} is {values[i]}"));
        }

        return values;
    });
}
