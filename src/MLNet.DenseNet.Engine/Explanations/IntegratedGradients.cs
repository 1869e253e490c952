namespace MLNet.DenseNet.Engine;

/// <summary>
/// How much each feature of a row adds to an output, compared with a reference row: integrated gradients, c[j] = (x[j] - r[j]) times the mean of the output's derivative by x[j] on the straight way from r to x. Together they are
/// f(x) - f(r). Of an ensemble, f is the mean of its members' logits.
/// </summary>
/// <remarks>
/// Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks" (2017). First layers that treat each feature by itself, such as standardization or the embedding of numbers, are gone through before: the straight way is between
/// what they make of both rows, and a feature gets what all that came from it adds. So steps in a function of one number, which a few points on the way would miss, are no matter; those of numbers that a trainer puts beside sums are put before these. What the mean over points leaves
/// of f(x) - f(r) is divided by magnitude. Memory is allocated once; two threads must not use it at once.
/// </remarks>
internal sealed class IntegratedGradients
{
    private readonly Network _network;
    private readonly MemberGradients[] _members;

    /// <param name="network">The network; its last activation is left out.</param>
    /// <param name="reference">(inputs): what a row is compared with.</param>
    public IntegratedGradients(Network network, ReadOnlySpan<float> reference)
    {
        _network = network;
        var row = reference.ToArray();
        _members = [.. network.Members.ToArray().Select(member => new MemberGradients(FunctionsInFront.Of(member.ToLogits()), row))];
    }

    /// <summary>What the features that are standardized were on average in the rows learned from, and 0 where none are: the usual reference.</summary>
    public static float[] MeanRow(Network network)
    {
        var row = new float[network.InputShape.Size];
        network.Members[0].Standardization?.Parameters[0].ToArray().AsSpan(0, row.Length).CopyTo(row);
        return row;
    }

    /// <summary>Fills the contributions of a row's features to an output.</summary>
    /// <param name="row">(inputs).</param>
    /// <param name="output">Which output.</param>
    /// <param name="contributions">(inputs), to be filled; not-a-number where the output is none.</param>
    public void Run(ReadOnlySpan<float> row, int output, Span<float> contributions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, _network.InputShape.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(contributions.Length, row.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(output, _network.OutputShape.Size);
        Span<double> sums = new double[row.Length];
        foreach (var member in _members)
            member.Add(row, output, sums);
        for (var i = 0; i < sums.Length; i++)
            contributions[i] = (float)(sums[i] / _members.Length);
    }
}
