namespace MLNet.DenseNet;

/// <summary>What a window does at the edges of an image or a sequence.</summary>
public enum Padding
{
    /// <summary>It stays inside: the output is smaller by the window's size less one, before strides.</summary>
    Valid,

    /// <summary>
    /// It begins and ends outside, so that the output has ceiling(size / stride) positions. Where what is added cannot be the same at both ends, the end gets one more: at the bottom, at the right.
    /// This is the rule of Keras, which ONNX calls SAME_UPPER. PyTorch's padding of 1 on both ends differs from it for a stride of 2.
    /// </summary>
    Same,
}
