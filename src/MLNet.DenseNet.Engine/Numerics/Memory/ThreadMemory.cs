using System.Numerics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Memory that a thread keeps in a thread-static field and uses again for one piece of work after the other.</summary>
internal static unsafe class ThreadMemory
{
    /// <summary>Grows a buffer to a power of two, so that one which grows often leaves little garbage.</summary>
    /// <param name="buffer">The thread's buffer; null before the first use.</param>
    /// <param name="length">How many values are needed. What the buffer holds is undefined.</param>
    public static float* Ensure(ref AlignedBuffer? buffer, int length)
    {
        if (buffer is null || buffer.Length < length)
            buffer = new AlignedBuffer(Math.Min(BitOperations.RoundUpToPowerOf2((uint)length), AlignedBuffer.MaxLength));
        return buffer.Pointer;
    }
}
