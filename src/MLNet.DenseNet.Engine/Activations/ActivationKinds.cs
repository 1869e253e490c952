namespace MLNet.DenseNet.Engine;

/// <summary>The identifiers of activations in saved networks. A new one adds a line; a line, once released, never changes.</summary>
internal static class ActivationKinds
{
    private static readonly (byte Id, Type Type, Func<BinaryReader, Activation> Read)[] All =
    [
        (1, typeof(Identity), _ => Activation.Identity),
        (2, typeof(Sigmoid), _ => Activation.Sigmoid),
        (3, typeof(Tanh), _ => Activation.Tanh),
        (4, typeof(RectifiedLinear), _ => Activation.ReLU),
        (5, typeof(LeakyRectifiedLinear), LeakyRectifiedLinear.Read),
        (6, typeof(GaussianErrorLinear), _ => Activation.GELU),
        (7, typeof(SigmoidLinear), _ => Activation.SiLU),
        (8, typeof(Softmax), _ => Activation.Softmax),
        (9, typeof(Exponential), _ => Activation.Exponential),
    ];

    public static void Write(Activation activation, BinaryWriter writer)
    {
        writer.Write(All.Single(kind => kind.Type == activation.GetType()).Id);
        activation.WriteConstants(writer);
    }

    public static Activation Read(BinaryReader reader)
    {
        var id = reader.ReadByte();
        foreach (var kind in All)
        {
            if (kind.Id == id)
                return kind.Read(reader);
        }

        throw new FormatException($"The saved network has the unknown activation {id}.");
    }
}
