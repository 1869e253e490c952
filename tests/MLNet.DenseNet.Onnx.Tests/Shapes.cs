using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Onnx.Tests;

internal static class Shapes
{
    /// <summary>What comes out of a layer; null where it cannot take the shape.</summary>
    public static Shape? After(Layer layer, Shape shape)
    {
        try
        {
            return Network.Create(shape, [layer], seed: 1).OutputShape;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
