using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class RandomBitsTests
{
    /// <summary>The known answers published with the generator (Random123, kat_vectors).</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd)]
    [InlineData(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)]
    public void Words_are_those_of_Philox(ulong seed, ulong stream, ulong position, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), new RandomBits(seed, stream)[position]);

    [Theory]
    [InlineData(0UL, 0UL, 0UL)]
    [InlineData(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, uint.MaxValue - 1)]
    public void Words_of_many_positions_are_those_of_each(ulong seed, ulong stream, ulong position)
    {
        var random = new RandomBits(seed, stream);
        for (var length = 0; length <= 140; length++)
        {
            var words = new uint[length];
            random.Fill(words, position);
            for (var i = 0; i < length; i++)
            {
                var (x0, x1, x2, x3) = random[position + (ulong)(i / 4)];
                Assert.Equal(((uint[])[x0, x1, x2, x3])[i % 4], words[i]);
            }
        }
    }

    [Fact]
    public void A_mask_drops_below_the_threshold_and_scales_the_rest()
    {
        const uint Threshold = RandomMask.Values / 3;
        for (var length = 0; length <= 256; length++)
        {
            var words = MaskWords(length);
            var source = Enumerable.Range(1, length).Select(i => (float)i).ToArray();
            var result = new float[length];
            RandomMask.Apply(words, Threshold, 2, source, result);
            Assert.Equal(source.Select((x, i) => MaskBits(words, i) < Threshold ? 0 : 2 * x), result);
        }
    }

    [Fact]
    public void A_mask_asks_for_as_many_words_as_it_needs() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomMask.Apply(MaskWords(32), 1, 1, new float[33], new float[33]));

    /// <summary>As many words as a mask of a length takes.</summary>
    internal static uint[] MaskWords(int length)
    {
        var words = new uint[(length + RandomMask.Elements - 1) / RandomMask.Elements * RandomMask.Words];
        new RandomBits(1, (ulong)length).Fill(words, 0);
        return words;
    }

    /// <summary>The bits of an element of a mask.</summary>
    internal static uint MaskBits(uint[] words, int index)
    {
        var word = words[index / 32 * 16 + index % 16];
        return index % 32 < 16 ? word & 0xFFFF : word >> 16;
    }

    [Fact]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        var values = new float[100_000];
        new RandomBits(1, 2).FillUniform(values, 0.5f);
        Assert.All(values, x => Assert.InRange(x, -0.5f, 0.5f));
        Assert.Equal(0, values.Average(), 0.005);
        Assert.Equal(1 / 12.0, values.Average(x => x * x), 0.001);
    }

    [Fact]
    public void Shuffle_gives_every_order_equally_often()
    {
        const int Draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (var stream = 0UL; stream < Draws; stream++)
        {
            int[] items = [0, 1, 2, 3];
            new RandomBits(5, stream).Shuffle(items);
            var order = string.Concat(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }
}
