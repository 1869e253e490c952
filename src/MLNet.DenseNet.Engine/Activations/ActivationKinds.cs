namespace MLNet.DenseNet.Engine;

/// <summary>The identifiers of activations in saved networks. A new one adds a line; a line, once released, never changes.</summary>
internal static class ActivationKinds
{
    private const byte LeakyReLU = 5;

    private static readonly (byte Id, Activation Activation)[] WithoutParameters =
    [
        (1, Activation.Identity),
        (2, Activation.Sigmoid),
        (3, Activation.Tanh),
        (4, Activation.ReLU),
        (6, Activation.GELU),
        (7, Activation.SiLU),
        (8, Activation.Softmax),
    ];

    public static void Write(Activation activation, BinaryWriter writer)
    {
        if (activation is LeakyRectifiedLinear leaky)
        {
            writer.Write(LeakyReLU);
            writer.Write(leaky.NegativeSlope);
        }
        else
        {
            writer.Write(WithoutParameters.Single(kind => kind.Activation == activation).Id);
        }
    }

    public static Activation Read(BinaryReader reader)
    {
        var id = reader.ReadByte();
        if (id == LeakyReLU)
            return Activation.LeakyReLU(reader.ReadSingle());

        foreach (var kind in WithoutParameters)
        {
            if (kind.Id == id)
                return kind.Activation;
        }

        throw new FormatException($"The saved network has the unknown activation {id}.");
    }
}
