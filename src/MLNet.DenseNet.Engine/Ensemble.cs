namespace MLNet.DenseNet.Engine;

/// <summary>Several networks with the same first layers. Their prediction is the mean of their logits (in a regression, of their outputs before the output activation), then the output activation.</summary>
internal sealed class Ensemble
{
    private readonly Network[] _members;
    private readonly LayerPasses[][] _passes;
    private readonly int[] _units;

    /// <param name="members">Networks of the same layers.</param>
    /// <param name="commonLayers">How many first layers the members share, parameters included. None of these is trained.</param>
    public Ensemble(Network[] members, int commonLayers)
    {
        _members = members;
        CommonLayers = commonLayers;
        _passes = [.. members.Select(member => member.ToLogits().Passes[commonLayers..].ToArray())];
        _units = [.. members[0].Layers.Skip(commonLayers).Select(layer => layer.OutputShape.Size)];
        WidestUnits = _units.Max();
        var layerScratch = members[0].Layers.Skip(commonLayers).Select(layer => layer.Layer.Scratch(layer.InputShape)).Aggregate(LayerMemory.Max);
        Scratch = EnsemblePass.Scratch(members.Length, WidestUnits, _units[^1], layerScratch);
    }

    /// <summary>Each a whole network, its output activation included.</summary>
    public ReadOnlySpan<Network> Members => _members;

    public int CommonLayers { get; }

    /// <summary>The passes of each member's own layers, up to its logits.</summary>
    public ReadOnlySpan<LayerPasses[]> Passes => _passes;

    /// <summary>The number of outputs of each of these layers.</summary>
    public ReadOnlySpan<int> Units => _units;

    public int WidestUnits { get; }

    /// <summary>The last dimension of the output, over which its activation goes.</summary>
    public int OutputChannels => _members[0].OutputShape.Dimensions[^1];

    /// <summary>The scratch memory of a pass through all members.</summary>
    public LayerMemory Scratch { get; }

    /// <summary>Whether the first of the members' own layers computes on sparse rows as they are.</summary>
    public bool TakesSparse => _passes[0][0].TakesSparse;
}
