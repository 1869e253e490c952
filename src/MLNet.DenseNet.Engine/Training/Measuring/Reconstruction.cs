using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// A network that puts out its own features, standardized: an autoencoder. How well it does so for a row tells how much that row is like those that it learned from: its error is the mean over the features of (output - standardized feature)²,
/// where a feature that is missing does not count.
/// </summary>
internal sealed class Reconstruction
{
    private readonly Network _network;
    private readonly Network _standardized;
    private readonly IReadOnlyList<int> _missingColumns;
    private readonly double[] _errors;

    /// <summary>One thread may use it at a time.</summary>
    /// <param name="network">Begins with a standardization, maybe behind a layer of missing values, and has as many outputs as features.</param>
    /// <exception cref="ArgumentException">It has no standardization there, or other outputs.</exception>
    public Reconstruction(Network network)
    {
        var place = network.Standardization ?? throw new ArgumentException($"A network that puts out its features begins with a {nameof(StandardizationLayer)}; this one begins with [{network.Layers[0]}].", nameof(network));
        if (network.OutputShape.Size != network.InputShape.Size)
            throw new ArgumentException($"A network that puts out its features has as many outputs as these, which are {network.InputShape.Size}; this one has {network.OutputShape.Size}.", nameof(network));
        _network = network;
        _standardized = network.UpTo(place.Index);
        _missingColumns = network.MissingColumns;
        _errors = new double[network.InputShape.Size];
    }

    /// <summary>The layers up to the standardization. Behind the features it puts out an indicator for each column that may miss a value, above 0 where it does.</summary>
    public Network Standardized => _standardized;

    /// <summary>Rows whose targets are their standardized features; 0, the mean, for one that is missing.</summary>
    /// <exception cref="ArgumentException">They have more features together than can be kept.</exception>
    public Dataset WithTargets(Dataset data)
    {
        var size = _network.InputShape.Size;
        var count = (long)data.Rows * size;
        if (count > Array.MaxLength)
            throw new ArgumentException(FormattableString.Invariant($"Each feature of a row is to be learned, whether it is 0 or not: {data.Rows:N0} rows of {size:N0} features are {count:N0} values, and at most {Array.MaxLength:N0} can be kept. Take fewer rows, or make fewer features of them."), nameof(data));
        var targets = new float[count];
        var row = 0;
        RowPasses.Run(RowSubset.All(data), [_standardized], (_, values) =>
        {
            foreach (var standardized in values[0].Chunk(_standardized.OutputShape.Size))
                standardized.AsSpan(0, size).CopyTo(targets.AsSpan(row++ * size));
        });
        return data.WithTargets(targets);
    }

    /// <summary>The squared error of each feature, in float64: its range holds the squares of all numbers of float32.</summary>
    /// <param name="standardized">What <see cref="Standardized"/> puts out for a row.</param>
    /// <param name="outputs">What the network puts out for it.</param>
    /// <param name="errors">(features), to be filled: 0 where a feature is missing, which does not count.</param>
    /// <param name="features">The row itself, not-a-number where a feature is missing; empty where none is but in columns that have an indicator.</param>
    /// <returns>How many features count.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Errors(ReadOnlySpan<float> standardized, ReadOnlySpan<float> outputs, Span<double> errors, ReadOnlySpan<float> features = default)
    {
        for (var j = 0; j < outputs.Length; j++)
        {
            var error = (double)outputs[j] - standardized[j];
            errors[j] = error * error;
        }

        var count = outputs.Length;
        for (var i = 0; i < _missingColumns.Count && features.IsEmpty; i++)
        {
            if (standardized[outputs.Length + i] > 0)
                (errors[_missingColumns[i]], count) = (0, count - 1);
        }

        for (var j = 0; j < features.Length; j++)
        {
            if (float.IsNaN(features[j]))
                (errors[j], count) = (0, count - 1);
        }

        return count;
    }

    /// <summary>The mean of the squared errors of those features that count, limited to the largest number of float32; not-a-number where all are missing.</summary>
    /// <inheritdoc cref="Errors"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score(ReadOnlySpan<float> standardized, ReadOnlySpan<float> outputs, ReadOnlySpan<float> features = default)
    {
        var count = Errors(standardized, outputs, _errors, features);
        var sum = 0.0;
        foreach (var error in _errors)
            sum += error;
        return Share(sum, count);
    }

    /// <summary>An error, or several, divided by how many features count.</summary>
    public static float Share(double error, int count) => count == 0 ? float.NaN : (float)Math.Min(float.MaxValue, error / count);

    /// <summary>The scores of rows, those without a single feature left out.</summary>
    public List<float> Scores(RowSource rows)
    {
        var scores = new List<float>(rows.Count);
        RowPasses.Run(rows, [_standardized, _network], (_, values) =>
        {
            var (inputs, outputs) = (_standardized.OutputShape.Size, _network.OutputShape.Size);
            for (var row = 0; row < values[1].Length / outputs; row++)
            {
                var score = Score(values[0].AsSpan(row * inputs, inputs), values[1].AsSpan(row * outputs, outputs));
                if (!float.IsNaN(score))
                    scores.Add(score);
            }
        });
        return scores;
    }
}
