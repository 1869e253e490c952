using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The first layers of an ensemble, which all members share and none trains: a batch goes through them once for all members.</summary>
internal sealed class SharedLayers
{
    private readonly Network _network;
    private readonly Workspace _workspace;

    /// <param name="ensemble">An ensemble with such layers.</param>
    /// <param name="maxRows">The largest batch.</param>
    public SharedLayers(Network ensemble, int maxRows)
    {
        _network = ensemble.Members[0].UpTo(ensemble.CommonLayers - 1);
        _workspace = _network.CreateWorkspace(maxRows);
    }

    public int Count => _network.Layers.Count;

    public int MaxRows => _workspace.MaxRows;

    /// <summary>Runs the layers.</summary>
    /// <param name="features">(rows x inputs), dense.</param>
    /// <param name="step">The step of training.</param>
    /// <param name="team">Who shares the work.</param>
    /// <returns>(rows x units): what the members' own layers take.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public InputRows Run(in InputRows features, TrainingStep step, ThreadTeam team)
    {
        _network.Forward(in features, _workspace, step, team);
        return _workspace.OutputRows(_network.LastLayer);
    }

    /// <summary>(rows x units): a layer's output for the latest batch.</summary>
    public ReadOnlySpan<float> Output(int layer) => _workspace.Output(layer);
}
