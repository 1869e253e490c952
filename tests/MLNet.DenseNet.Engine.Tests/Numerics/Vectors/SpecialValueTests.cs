using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>Every kernel treats signed zeros, subnormal numbers, infinities and not-a-numbers as IEEE 754 has it, in each lane of its vectors and in the tail.</summary>
public class SpecialValueTests
{
    // A vector of each width and a tail.
    private const int Length = 16 + 8 + 4 + 3;

    private const float Rate = 0.5f;

    public static TheoryData<string> Activations => [.. Samples.Activations.Keys];

    public static TheoryData<string> Optimizers => [.. Samples.Optimizers.Keys];

    /// <summary>An element is the chain of its fused multiply-adds in order of the inner index, with special values too.</summary>
    [Fact]
    public void Products_are_chains_of_multiply_adds_to_the_bit()
    {
        var seen = new HashSet<string>();
        foreach (var shape in ProductShapes.All["tiles"])
            CheckProducts(shape, seen);
        Assert.Superset(new HashSet<string> { "0", "-0", "subnormal", "normal", "Infinity", "-Infinity", "NaN" }, seen);
    }

    [Fact]
    public void Sums_of_rows_are_chains_of_additions_to_the_bit()
    {
        for (var columns = 1; columns <= 2 * Length; columns++)
        {
            foreach (var rows in (int[])[1, 2, 5])
            {
                var matrix = SpecialValues.Among(rows * columns, seed: columns);
                var result = new float[columns];
                SpanKernels.SumRows(matrix, result, rows);
                for (var j = 0; j < columns; j++)
                {
                    var sum = 0f;
                    for (var i = 0; i < rows; i++)
                        sum += matrix[i * columns + j];
                    Assert.True(SpecialValues.AreSame(sum, result[j]));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Activations_do_the_same_in_every_lane(string name)
    {
        var activation = Samples.Activations[name];
        // Softmax knows rows, not lanes: rows of its own are below.
        var units = name == "softmax" ? 1 : Length;
        CheckLanes((z, y) => activation.Forward(z, y, Math.Min(units, z.Length)));
        foreach (var gradient in SpecialValues.All)
        {
            CheckLanes((kept, result) =>
            {
                result.Fill(gradient);
                activation.Backward(kept, result, Math.Min(units, kept.Length));
            });
        }
    }

    // Activations that are linear at 0 do not flush subnormal numbers to 0.
    [Theory]
    [InlineData("identity", 1, 1)]
    [InlineData("ReLU", 1, 0)]
    [InlineData("leaky ReLU", 1, 0.2f)]
    [InlineData("tanh", 1, 1)]
    [InlineData("GELU", 0.5f, 0.5f)]
    [InlineData("SiLU", 0.5f, 0.5f)]
    public void Subnormal_sums_are_not_taken_for_zeros(string name, float slopeAbove, float slopeBelow)
    {
        float[] sums = [1e-39f, -1e-39f, SpecialValues.LargestSubnormal, -SpecialValues.LargestSubnormal];
        var outputs = new float[sums.Length];
        Samples.Activations[name].Forward(sums, outputs, sums.Length);
        for (var i = 0; i < sums.Length; i++)
            Tolerance.Check((double)sums[i] * (sums[i] > 0 ? slopeAbove : slopeBelow), outputs[i], roundings: 2);
    }

    [Theory]
    [InlineData("identity", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("sigmoid", 0, 1)]
    [InlineData("tanh", -1, 1)]
    [InlineData("ReLU", 0, float.PositiveInfinity)]
    [InlineData("leaky ReLU", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("GELU", 0, float.PositiveInfinity)]
    [InlineData("SiLU", 0, float.PositiveInfinity)]
    [InlineData("exponential", 0, float.MaxValue)]
    public void Infinite_sums_give_the_limits(string name, float below, float above)
    {
        var outputs = new float[2];
        Samples.Activations[name].Forward([float.NegativeInfinity, float.PositiveInfinity], outputs, units: 2);
        Assert.Equal([below, above], outputs);
    }

    [Fact]
    public void Softmax_gives_subnormal_probabilities_and_shows_what_is_no_number()
    {
        for (var length = 2; length <= 2 * Length; length++)
        {
            for (var lane = 0; lane < length; lane++)
            {
                var row = new float[length];
                row[lane] = -90;
                Activation.Softmax.Forward(row, row, length);
                Tolerance.Check(Math.Exp(-90) / (length - 1), row[lane], roundings: 8);
                Assert.True(row[lane] > 0);

                row = new float[length];
                row[lane] = float.NegativeInfinity;
                Activation.Softmax.Forward(row, row, length);
                Assert.Equal(0, row[lane]);
                Tolerance.Check(1, row.Sum(x => (double)x), roundings: length + 2);

                row[lane] = float.NaN;
                Activation.Softmax.Forward(row, row, length);
                Assert.True(float.IsNaN(row[lane]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_do_the_same_in_every_lane(string optimizer)
    {
        foreach (var parameter in SpecialValues.All)
        {
            CheckLanes((gradient, result) =>
            {
                result.Fill(parameter);
                var (state, secondState) = (new float[result.Length], new float[result.Length]);
                for (var t = 1; t <= 2; t++)
                    Samples.Optimizers[optimizer].Step(new OptimizerStep(t, Rate, 0.25f, result, gradient, state, secondState));
            });
        }
    }

    [Fact]
    public void Plain_steps_are_those_of_float64()
    {
        foreach (var parameter in SpecialValues.All)
        {
            foreach (var gradient in SpecialValues.All)
            {
                float[] result = [parameter];
                new StochasticGradientDescent().Step(new OptimizerStep(1, Rate, weightDecay: 0.25f, result, [gradient], [], []));
                Tolerance.Check(parameter - Rate * (gradient + 0.25 * parameter), result[0], roundings: 2, Math.Abs((double)parameter) + Math.Abs(gradient));
            }
        }
    }

    /// <summary>What is dropped is +0 whatever it was; the rest is scaled.</summary>
    [Fact]
    public void Masks_drop_and_scale_the_same_in_every_lane()
    {
        for (var length = 0; length <= 256; length++)
        {
            var source = SpecialValues.Among(length, seed: length);
            var words = RandomBitsTests.MaskWords(length);
            var result = new float[length];
            RandomMask.Apply(words, RandomMask.Values / 3, 1.5f, source, result);
            for (var i = 0; i < length; i++)
                Assert.True(SpecialValues.AreSame(RandomBitsTests.MaskBits(words, i) < RandomMask.Values / 3 ? 0 : source[i] * 1.5f, result[i]));
        }
    }

    private static void CheckProducts(ProductShape shape, HashSet<string> seen)
    {
        var (rows, inner, columns) = shape;
        var (left, right) = (SpecialValues.Among(rows * inner, seed: columns), SpecialValues.Among(inner * columns, seed: columns + rows));
        var bias = SpecialValues.Among(columns, seed: 1);
        foreach (var kernel in MatrixKernel.All)
        {
            var result = kernel.Multiply(shape, left, right, bias);
            for (var i = 0; i < result.Length; i++)
            {
                var expected = kernel.HasBias ? bias[i % columns] : 0;
                for (var k = 0; k < inner; k++)
                    expected = MathF.FusedMultiplyAdd(left[i / columns * inner + k], right[k * columns + i % columns], expected);
                if (!SpecialValues.AreSame(expected, result[i]))
                    Assert.Fail($"{kernel} of {shape}, element {i}: {result[i]:R} instead of {expected:R}");
                seen.Add(float.IsSubnormal(expected) ? "subnormal" : float.IsNormal(expected) ? "normal" : expected.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private delegate void ElementKernel(ReadOnlySpan<float> source, Span<float> destination);

    /// <summary>One element by itself goes through no vector: what comes out then must come out of every lane.</summary>
    private static void CheckLanes(ElementKernel kernel)
    {
        var ordinary = Samples.Numbers(Length, seed: 1);
        foreach (var value in SpecialValues.All)
        {
            for (var lane = 0; lane < Length; lane++)
            {
                var source = ordinary.ToArray();
                source[lane] = value;
                var result = new float[Length];
                kernel(source, result);
                var alone = new float[1];
                for (var i = 0; i < Length; i++)
                {
                    kernel(source.AsSpan(i, 1), alone);
                    if (!SpecialValues.AreSame(alone[0], result[i]))
                        Assert.Fail($"Element {i} of {Length}, with {source[i]:R}: {result[i]:R}; by itself {alone[0]:R}");
                }
            }
        }
    }
}
