using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of a batch through all layers of a network.</summary>
internal static class NetworkPass
{
    /// <param name="network">The network.</param>
    /// <param name="inputs">(rows x input units of the first layer to run), which the caller has checked.</param>
    /// <param name="workspace">Of this network.</param>
    /// <param name="training">The training step, or null at prediction.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="entry">The first layer to run. Where it is not 0, rows are dense, and the workspace keeps outputs.</param>
    /// <returns>(rows x output units): a view of the workspace.</returns>
    /// <exception cref="ArgumentException">The rows are more than the workspace has room for, or it is another network's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ReadOnlySpan<float> Run(Network network, scoped in InputRows inputs, Workspace workspace, TrainingStep? training, ThreadTeam? team, int entry = 0)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (workspace.Network != network)
            throw new ArgumentException("The workspace was made for another network.", nameof(workspace));
        if (inputs.Rows < 1 || inputs.Rows > workspace.MaxRows)
            throw new ArgumentException($"The workspace has room for 1 to {workspace.MaxRows} rows; {inputs.Rows} were given.", nameof(inputs));

        workspace.Rows = inputs.Rows;
        if (workspace.Blocks is not null)
            InBlocks(workspace, in inputs, team);
        else if (inputs.IsSparse)
            ComputeSparse(network, in inputs, workspace, training, team);
        else
            Compute(network, in inputs, entry, workspace, training, team);
        return workspace.MutableOutput(network.LastLayer);
    }

    // What a single dense row does not need stands in methods of its own, so that its call stays short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void InBlocks(Workspace workspace, scoped in InputRows inputs, ThreadTeam? team) => workspace.Blocks!.Run(in inputs, workspace.MutableOutput(workspace.Network.LastLayer), team);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ComputeSparse(Network network, scoped in InputRows inputs, Workspace workspace, TrainingStep? training, ThreadTeam? team)
    {
        var rows = Enter(network, inputs.Sparse, workspace, out var entry);
        Compute(network, in rows, entry, workspace, training, team);
    }

    /// <summary>Runs the layers from <paramref name="entry"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(Network network, scoped in InputRows inputs, int entry, Workspace workspace, TrainingStep? training, ThreadTeam? team)
    {
        workspace.Entry = entry;
        if (training is not null)
            workspace.EntryRows = inputs;
        Layers(network, in inputs, entry, workspace, training, team, saturates: false);
        if (training is not null)
            return;
        var outputs = workspace.MutableOutput(network.LastLayer);
        if (!(outputs.Length == 1 ? float.IsFinite(outputs[0]) : FiniteValues.All(outputs)))
            Saturate(network, in inputs, entry, workspace);
    }

    /// <summary>Finds the first layer that computes on sparse rows, after those that let them through, and gives the rows as that layer takes them: sparse, or written out.</summary>
    private static InputRows Enter(Network network, CsrMatrix rows, Workspace workspace, out int entry)
    {
        var passes = network.Passes;
        var last = network.LastLayer;
        for (entry = 0; entry < last && passes[entry].PassesThrough(ref rows, workspace.SparseRows);)
            entry++;
        var takesSparse = entry < passes.Length ? passes[entry].TakesSparse : network.Ensemble!.TakesSparse;
        return takesSparse ? rows : workspace.WriteOut(rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Layers(Network network, scoped in InputRows inputs, int entry, Workspace workspace, TrainingStep? training, ThreadTeam? team, bool saturates)
    {
        scoped var pass = new ForwardPass(workspace.Scratch, training, team, saturates);
        var passes = network.Passes;
        InputRows between = default;
        for (var index = entry; index < passes.Length; index++)
        {
            // Without a backward pass there is nothing to keep.
            pass.TurnTo(in index == entry ? ref inputs : ref between, workspace.MutableOutput(index), training is null ? [] : workspace.Cache(index));
            passes[index].Forward(in pass);
            between.Become(workspace.OutputRows(index));
        }

        if (network.Ensemble is { } ensemble)
            EnsemblePass.Run(ensemble, network.OutputActivation, in entry == passes.Length ? ref inputs : ref between, workspace.MutableOutput(network.LastLayer), workspace.Scratch, team, saturates);
    }

    /// <summary>
    /// Computes rows again whose features are not infinite and whose outputs are not finite, because a sum exceeded the range of float32. This time sums are limited to the largest finite number,
    /// so that no later sum is infinity minus infinity. It works row by row, so that a row's prediction does not depend on the others of its batch.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Saturate(Network network, scoped in InputRows inputs, int entry, Workspace workspace)
    {
        var last = network.LastLayer;
        for (var row = 0; row < workspace.Rows; row++)
        {
            if (FiniteValues.All(workspace.MutableOutput(last, row)))
                continue;
            var input = inputs.Slice(row, 1);
            if (input.HasInfinity)
                continue;
            var single = workspace.Single;
            single.Rows = 1;
            Layers(network, in input, entry, single, training: null, team: null, saturates: true);
            workspace.TakeRow(row, single);
        }
    }
}
