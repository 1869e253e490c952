namespace MLNet.DenseNet.Engine;

/// <summary>Several networks with the same first layers. Their prediction is the mean of their logits (in a regression, of their outputs before the output activation), then the output activation.</summary>
internal sealed class Ensemble
{
    private readonly Network[] _members;
    private readonly ChainPasses[] _passes;

    /// <param name="members">Networks of the same layers.</param>
    /// <param name="commonLayers">How many first layers the members share, parameters included. None of these is trained.</param>
    public Ensemble(Network[] members, int commonLayers)
    {
        _members = members;
        CommonLayers = commonLayers;
        _passes = [.. members.Select(member => member.ToLogits()).Select(member => new ChainPasses([.. member.Layers.Skip(commonLayers)], member.Passes[commonLayers..].ToArray()))];
        var places = members[0].Layers.Skip(commonLayers).ToArray();
        var scratch = LayerChain.Scratch([.. places.Select(place => place.Layer)], [.. places.Select(place => place.InputShape), places[^1].OutputShape]);
        Scratch = EnsemblePass.Scratch(members.Length, places[^1].OutputShape.Size, scratch);
    }

    /// <summary>Each a whole network, its output activation included.</summary>
    public ReadOnlySpan<Network> Members => _members;

    public int CommonLayers { get; }

    /// <summary>The passes of each member's own layers, up to its logits.</summary>
    public ReadOnlySpan<ChainPasses> Passes => _passes;

    /// <summary>The last dimension of the output, over which its activation goes.</summary>
    public int OutputChannels => _members[0].OutputShape.Dimensions[^1];

    /// <summary>The scratch memory of a pass through all members.</summary>
    public LayerMemory Scratch { get; }

    /// <summary>Whether the first of the members' own layers computes on sparse rows as they are.</summary>
    public bool TakesSparse => _passes[0].TakesSparse;
}
