namespace MLNet.DenseNet.Engine;

/// <summary>Networks whose mean is predicted: of what each puts out before the activation that ends it. They have their first layers in common.</summary>
internal sealed class Ensemble
{
    private readonly Network[] _members;
    private readonly LayerPasses[][] _passes;
    private readonly int[] _units;

    /// <param name="members">Networks of the same layers.</param>
    /// <param name="commonLayers">How many of their first layers are the same ones, with the same parameters; none of them is trained.</param>
    public Ensemble(Network[] members, int commonLayers)
    {
        _members = members;
        CommonLayers = commonLayers;
        _passes = [.. members.Select(member => member.ToLogits().Passes[commonLayers..].ToArray())];
        _units = [.. members[0].Layers.Skip(commonLayers).Select(layer => layer.OutputShape.Size)];
        WidestUnits = _units.Max();
        var ofLayers = members[0].Layers.Skip(commonLayers).Select(layer => layer.Layer.Scratch(layer.InputShape)).Aggregate(LayerMemory.Max);
        Scratch = EnsemblePass.Scratch(members.Length, WidestUnits, _units[^1], ofLayers);
    }

    /// <summary>Each a whole network, its output activation included.</summary>
    public ReadOnlySpan<Network> Members => _members;

    public int CommonLayers { get; }

    /// <summary>Of each member, what its own layers compute, up to its logits.</summary>
    public ReadOnlySpan<LayerPasses[]> Passes => _passes;

    /// <summary>The units of each of these layers' outputs.</summary>
    public ReadOnlySpan<int> Units => _units;

    public int WidestUnits { get; }

    /// <summary>The scratch memory of a pass through all members.</summary>
    public LayerMemory Scratch { get; }

    /// <summary>Whether what the members have for themselves begins on sparse rows as they are.</summary>
    public bool TakesSparse => _passes[0][0].TakesSparse;
}
