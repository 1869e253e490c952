using Microsoft.ML.Data;

namespace CatsAndDogs;

internal sealed class PredictedImage
{
    [VectorType(AnimalImage.Size * AnimalImage.Size)]
    public float[] Pixels { get; set; } = [];

    public bool IsDog { get; set; }

    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }
}
