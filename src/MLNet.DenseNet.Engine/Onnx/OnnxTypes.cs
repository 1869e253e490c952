namespace MLNet.DenseNet.Engine;

/// <summary>The numbers of ONNX's types of elements, as attributes name them (TensorProto.DataType).</summary>
internal static class OnnxTypes
{
    public const long Float = 1;

    public const long Int64 = 7;

    public const long Boolean = 9;

    public const long Double = 11;

    public const long UInt32 = 12;
}
