using MLNet.DenseNet.Engine.Numerics;
using MLNet.DenseNet.Engine.Tests.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>What recurrent layers do by pointers stays within its arrays: each ends at a page that may not be touched.</summary>
public class RecurrentGuardPageTests
{
    public static bool IsSupported => GuardedMemory.IsSupported;

    [Theory(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    [InlineData("simple")]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    public unsafe void Steps_of_any_number_of_units(string kind)
    {
        RecurrentCell cell = kind switch { "LSTM" => new LstmCell(), "GRU" => new GruCell(), _ => new SimpleCell(Activation.GELU) };
        for (var units = 1; units <= 70; units++)
        {
            var rows = units % 3 + 1;
            var (sumCount, count) = (cell.Gates * rows * units, rows * units);
            using var sums = new GuardedMemory(Samples.Numbers(sumCount, seed: 1));
            using var recurrentSums = new GuardedMemory(Samples.Numbers(sumCount, seed: 2));
            using var kept = new GuardedMemory(new float[cell.Kept * count]);
            using var previousKept = new GuardedMemory(Samples.Numbers(cell.Kept * count, seed: 3));
            using var state = new GuardedMemory(new float[count]);
            using var previousState = new GuardedMemory(Samples.Numbers(count, seed: 4));
            using var stateGradient = new GuardedMemory(Samples.Numbers(count, seed: 5));
            using var carriedGradient = new GuardedMemory(new float[count]);
            using var sumGradient = new GuardedMemory(new float[sumCount]);
            using var recurrentSumGradient = new GuardedMemory(new float[sumCount]);
            fixed (float* z = sums.Span, q = recurrentSums.Span, k = kept.Span, pk = previousKept.Span, h = state.Span, ph = previousState.Span, dh = stateGradient.Span,
                dc = carriedGradient.Span, dz = sumGradient.Span, dq = recurrentSumGradient.Span)
            {
                foreach (var isFirst in (bool[])[false, true])
                {
                    var step = new RecurrentStep
                    {
                        Rows = rows,
                        Units = units,
                        Sums = z,
                        RecurrentSums = q,
                        Kept = k,
                        PreviousKept = isFirst ? null : pk,
                        State = h,
                        PreviousState = isFirst ? null : ph,
                        StateGradient = dh,
                        CarriedGradient = dc,
                        SumGradient = dz,
                        RecurrentSumGradient = dq,
                    };
                    cell.Forward(in step);
                    cell.Backward(in step);
                }
            }

            Assert.All(state.Span.ToArray(), value => Assert.InRange(value, -1, 1));
        }
    }

    [Fact(SkipUnless = nameof(IsSupported), Skip = "The guard page is laid out by Linux calls.")]
    public unsafe void Sequences_of_any_number_of_channels()
    {
        const int Rows = 3, Steps = 2;
        for (var channels = 1; channels <= 70; channels++)
        {
            using var sequences = new GuardedMemory(Samples.Numbers(Rows * Steps * channels, seed: 1));
            using var mask = new GuardedMemory(Enumerable.Repeat(1f, Rows * channels).ToArray());
            using var timeMajor = new GuardedMemory(new float[Rows * Steps * channels]);
            using var back = new GuardedMemory(new float[Rows * Steps * channels]);
            var (view, shares) = (new SequenceView(Steps, channels, channels, First: 0, IsReversed: true), RangeShares.AtMost(2, Rows));
            fixed (float* x = sequences.Span, m = mask.Span, t = timeMajor.Span, b = back.Span)
            {
                view.ToTimeMajor(new MatrixRows(x, Rows, Steps * channels), m, t, shares, team: null);
                view.FromTimeMajor(t, m, b, adds: false, shares, team: null);
                Assert.Equal(sequences.Span.ToArray(), back.Span.ToArray());
                view.FromTimeMajor(t, m, b, adds: true, shares, team: null);
                Assert.Equal(sequences.Span.ToArray().Select(value => value + value), back.Span.ToArray());
            }
        }
    }
}
