using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The prediction of many rows, block by block: a block goes through all layers before the next one, so that a layer reads what the one before it wrote while that is in the caches.
/// Where each thread has a block of its own, threads share the blocks and none waits for another between layers; else they share the work of each layer.
/// </summary>
internal sealed unsafe class RowBlocks
{
    // What the widest layer of a block has: 1 MiB, the size of a second-level cache.
    private const int Values = 1 << 18;

    // Fewer would read the weights too often; more gain nothing, and leave less to share.
    private const int FewestRows = 32;
    private const int MostRows = 256;

    private readonly Network _network;
    private readonly int _rows;

    // One for each thread that can have a block.
    private readonly Workspace[] _workspaces;

    private RowBlocks(Network network, int rows, int threads)
    {
        _network = network;
        _rows = rows;
        _workspaces = [.. Enumerable.Range(0, threads).Select(_ => new Workspace(network, rows, threads: 1, keepsOutputs: false))];
    }

    /// <summary>The blocks of a workspace.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxRows">The most rows of a pass.</param>
    /// <param name="threads">The most threads that share it.</param>
    /// <param name="valuesPerRow">Those of the widest layer.</param>
    /// <returns>Null where one block holds all rows.</returns>
    public static RowBlocks? For(Network network, int maxRows, int threads, long valuesPerRow)
    {
        var rows = Math.Clamp((int)(Values / Math.Max(1, valuesPerRow)), FewestRows, MostRows);
        return rows >= maxRows ? null : new RowBlocks(network, rows, (int)Math.Min(threads, maxRows / rows));
    }

    /// <param name="inputs">(rows x input units).</param>
    /// <param name="outputs">(rows x output units), to be filled.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(scoped in InputRows inputs, Span<float> outputs, ThreadTeam? team)
    {
        var threads = team?.ActiveThreads ?? 1;
        var ownBlocks = threads <= _workspaces.Length && inputs.Rows >= (long)threads * _rows;
        var shares = new RangeShares(inputs.Rows, _rows, ownBlocks ? threads : 1);
        fixed (float* y = outputs)
        {
            var work = new Blocks(this, inputs, y, shares, shares.Parts > 1 ? null : team);
            ThreadTeam.Run(team, ref work, shares.Parts);
        }
    }

    private readonly struct Blocks(RowBlocks blocks, InputRows inputs, float* outputs, RangeShares shares, ThreadTeam? team) : ITeamWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var workspace = blocks._workspaces[part];
            var units = blocks._network.OutputShape.Size;
            var (first, end) = shares[part];
            for (; first < end; first += blocks._rows)
            {
                var block = inputs.Slice(first, Math.Min(blocks._rows, end - first));
                try
                {
                    var result = NetworkPass.Run(blocks._network, in block, workspace, training: null, team);
                    result.CopyTo(new Span<float>(outputs + (nint)first * units, result.Length));
                }
                catch (UnknownNumberException error)
                {
                    throw error.After(first);
                }
            }
        }
    }
}
