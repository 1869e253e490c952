using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class LaneSumsTests
{
    /// <summary>Addition by addition, so that the bits are known whatever the width of vectors.</summary>
    [Fact]
    public void The_order_of_additions_depends_on_the_length_alone()
    {
        for (var length = 0; length <= 100; length++)
        {
            var x = Samples.Numbers(length, seed: length);
            var lanes = new float[16];
            var rest = 0f;
            for (var i = 0; i < length; i++)
            {
                if (i < length / 16 * 16)
                    lanes[i % 16] += x[i];
                else
                    rest += x[i];
            }

            for (var width = 8; width > 0; width /= 2)
            {
                for (var i = 0; i < width; i++)
                    lanes[i] += lanes[i + width];
            }

            Assert.Equal(BitConverter.SingleToInt32Bits(lanes[0] + rest), BitConverter.SingleToInt32Bits(Sum(x)));
        }
    }

    private static unsafe float Sum(float[] values)
    {
        fixed (float* x = values)
            return LaneSums.Run(new Value(x), values.Length);
    }

    private readonly unsafe struct Value(float* x) : ISumTerm
    {
        public TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV> => sum + TV.Load(x + index);
    }
}
