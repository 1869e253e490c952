using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// An ensemble: several members of the same layers, each with parameters of its own, on the same input. Its output is the mean of the members' logits (in a regression, of
/// their outputs before the output activation), then the output activation. It must be the last layer of its network, after layers that are not trained.
/// </summary>
/// <remarks>
/// Each member is trained by its own loss as if it were alone, and limits on gradients apply to each member's own. Losses and metrics of the training rows are those of the members' mean.
/// The parameters of layer i of member m are named "weights m.i" and so on, both from 1. The first member begins with the weights that a network of its layers alone has.
/// Lakshminarayanan, Pritzel and Blundell, "Simple and scalable predictive uncertainty estimation using deep ensembles" (2017): different initial weights make members different
/// enough. The mean there is that of probabilities, here of logits.
/// </remarks>
public sealed class EnsembleLayer : Layer
{
    /// <summary>The most members.</summary>
    internal const int MaxMembers = 100;

    private readonly Layer[] _layers;

    /// <summary>An ensemble of networks of these layers.</summary>
    /// <param name="members">How many, 1 to 100.</param>
    /// <param name="layers">The layers of each member, at least one and at most 10,000 in all members together; the last is the output layer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="members"/> is outside its range.</exception>
    /// <exception cref="ArgumentException">There is no layer, there are too many, or one is an ensemble itself.</exception>
    public EnsembleLayer(int members, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        CheckCounts(members, layers.Count);
        foreach (var layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            if (layer is EnsembleLayer)
                throw new ArgumentException("The members of an ensemble cannot be ensembles.", nameof(layers));
        }

        CheckCounts(members, layers.Sum(layer => (long)layer.Count));

        Members = members;
        _layers = [.. layers];
    }

    /// <summary>How many members there are.</summary>
    public int Members { get; }

    /// <summary>The layers of each member.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Such as "Ensemble of 4 [Dense 64 ReLU, Dense 1 identity]".</summary>
    public override string ToString() => $"Ensemble of {Members} [{string.Join(", ", Layers)}]";

    internal override Activation? OutputActivation => _layers[^1].OutputActivation;

    internal static Layer Read(LayerReader reader)
    {
        var members = reader.ReadInt32();
        var count = reader.ReadInt32();
        CheckCounts(members, count);
        return new EnsembleLayer(members, reader.ReadLayers(count));
    }

    private static void CheckCounts(int members, long layers)
    {
        if (members is < 1 or > MaxMembers)
            throw new ArgumentOutOfRangeException(nameof(members), members, $"An ensemble has 1 to {MaxMembers} members.");
        if (layers < 1 || layers * members > MaxCount)
            throw new ArgumentException(FormattableString.Invariant($"The members of an ensemble have 1 to {MaxCount:N0} layers in all; {members} of {layers:N0} each were given."), nameof(layers));
    }

    /// <summary>int32 members, int32 number of layers of each, then each layer: byte kind, then what that writes.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Members);
        LayerKinds.WriteInner(_layers, writer);
    }

    internal override Layer WithoutActivation() => new EnsembleLayer(Members, [.. _layers.SkipLast(1), _layers[^1].WithoutActivation()]);

    internal override Shape OutputShape(Shape input) => LayerChain.Shapes(_layers, input)[^1];

    /// <summary>Its members are added by the network, which holds their layers.</summary>
    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => throw new InvalidOperationException("An ensemble stands for several networks.");

    internal override LayerPasses? Bind(NetworkLayer layer) => null;
}
