using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Standardizes the targets of a batch before its loss is computed, and converts that loss to the targets' own units afterwards.</summary>
internal sealed class StandardizedTargets
{
    private readonly TargetScaling _scaling;
    private readonly Loss _loss;
    private readonly PinnedArray<double> _divisors;
    private readonly int _stride;

    /// <param name="scaling">Standardizes targets.</param>
    /// <param name="loss">A loss of each output, of which a row's loss is the mean.</param>
    /// <param name="divisors">(outputs): the divisors of targets. Those of outputs whose targets were all the same in training are written here, batch by batch.</param>
    /// <param name="stride">Elements from output to output.</param>
    public StandardizedTargets(TargetScaling scaling, Loss loss, PinnedArray<double> divisors, int stride)
    {
        _scaling = scaling;
        _loss = loss;
        _divisors = divisors;
        _stride = stride;
        OutputLosses = divisors.Length > 1 ? new AlignedBuffer((long)divisors.Length * stride) : null;
    }

    /// <summary>(outputs x stride), to be filled with each output's loss; null where there is one output, whose loss is the row's.</summary>
    public AlignedBuffer? OutputLosses { get; }

    /// <summary>Standardizes the targets in place. Where an output's targets were all the same in training, exactly that value is predicted.</summary>
    /// <param name="targets">(outputs x stride).</param>
    /// <param name="predictions">(outputs x stride), standardized already.</param>
    /// <param name="rows">The rows of the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Standardize(Span<float> targets, Span<float> predictions, int rows)
    {
        for (var output = 0; output < _divisors.Length; output++)
        {
            var ofOutput = targets.Slice(output * _stride, rows);
            if (_scaling.Scales[output] == 0)
            {
                predictions.Slice(output * _stride, rows).Clear();
                _divisors[output] = _scaling.StandardizeConstant(ofOutput, output);
                continue;
            }

            for (var row = 0; row < ofOutput.Length; row++)
                ofOutput[row] = _scaling.Standardize(ofOutput[row], output);
        }
    }

    /// <summary>The objective that training minimizes, and the loss in the targets' own units.</summary>
    /// <remarks>An output whose targets were all the same in training may have others in validation rows. Its loss is reported but left out of the objective, since training could not change it.</remarks>
    /// <param name="loss">The sum of the rows' losses of standardized targets, each times its weight.</param>
    /// <param name="weights">The weights of the rows.</param>
    /// <returns>Sums over the rows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (double Objective, double Loss) Sums(double loss, RowWeights weights)
    {
        if (OutputLosses is null)
            return (_scaling.Scales[0] == 0 ? 0 : loss, loss * Unit(0));
        double learned = 0, constant = 0, inOwnUnits = 0;
        for (var output = 0; output < _divisors.Length; output++)
        {
            var ofOutput = weights.SumOf(OutputLosses.Span[(output * _stride)..]);
            inOwnUnits += Unit(output) * ofOutput;
            if (_scaling.Scales[output] == 0)
                constant += ofOutput;
            else
                learned += ofOutput / _divisors.Length;
        }

        return (constant == 0 ? loss : learned, inOwnUnits);
    }

    /// <summary>The factor from an output's loss of standardized targets to its share of the loss in the targets' own units, see <see cref="Loss.GradientScale"/>.</summary>
    private double Unit(int output) => _divisors[output] * _loss.GradientScale(_divisors[output]) / _divisors.Length;
}
