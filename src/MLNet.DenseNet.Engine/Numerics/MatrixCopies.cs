namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Copies of one matrix, one for each thread of a crew; none by default.</summary>
/// <param name="copies">Where they are, or null.</param>
internal readonly unsafe struct MatrixCopies(float** copies)
{
    public bool IsEmpty => copies == null;

    public float* this[int part] => copies[part];
}
