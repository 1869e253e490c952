namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>How many chunks of each part of a work are taken (<see cref="WorkChunks"/>), by the thread of the part or by others.</summary>
/// <param name="parts">The most parts.</param>
internal sealed class TakenChunks(int parts)
{
    // A ticket holds the number of a work and how many chunks of it are taken. Under an older number none of the latest work are, so nothing has to be reset.
    private const int CountBits = 16;
    private const int CountMask = (1 << CountBits) - 1;

    private readonly Ticket[] _tickets = new Ticket[parts];
    private long _number;

    /// <summary>What chunks throw.</summary>
    public FirstFailure Failure { get; } = new();

    /// <summary>The most parts.</summary>
    public int Parts => _tickets.Length;

    /// <summary>Begins a work of which no chunk is taken; called before other threads know of it, and only after all of the one before is done.</summary>
    /// <returns>Its number.</returns>
    public long Begin() => ++_number;

    /// <summary>Takes the next chunk of a part.</summary>
    /// <param name="number">The work's.</param>
    /// <param name="part">The part.</param>
    /// <param name="chunks">How many the part has, below 2^16.</param>
    /// <param name="chunk">The chunk.</param>
    /// <returns>Whether there was one left.</returns>
    public bool TryTake(long number, int part, int chunks, out int chunk)
    {
        ref var ticket = ref _tickets[part];
        while (true)
        {
            var current = ticket.Value;
            chunk = current >> CountBits == number ? (int)(current & CountMask) : 0;
            if (chunk >= chunks)
                return false;
            if (ticket.TryChange(current, (number << CountBits) | (long)(chunk + 1)))
                return true;
        }
    }
}
