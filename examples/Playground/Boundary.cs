using MLNet.DenseNet.Engine;

namespace Playground;

/// <summary>What a network says of each point of a grid over the plane, at some moment of its training.</summary>
/// <param name="Epoch">After which epoch.</param>
/// <param name="Values">(rows from above x columns) predictions from 0 to 1.</param>
internal sealed record Boundary(int Epoch, double[,] Values)
{
    public const double Limit = 1.15;

    private const int Size = 64;

    public static Boundary Of(Network network, int epoch)
    {
        var features = new float[Size * Size * 2];
        for (var i = 0; i < Size * Size; i++)
        {
            features[2 * i] = (float)(((i % Size + 0.5) / Size * 2 - 1) * Limit);
            features[2 * i + 1] = (float)((1 - (i / Size + 0.5) / Size * 2) * Limit);
        }

        var predictions = network.Predict(features);
        var values = new double[Size, Size];
        for (var i = 0; i < predictions.Length; i++)
            values[i / Size, i % Size] = predictions[i];
        return new Boundary(epoch, values);
    }
}
