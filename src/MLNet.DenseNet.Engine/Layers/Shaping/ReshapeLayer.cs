using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The same values in the same order, as another shape: such as a plain row of features as an image. No layer is needed to flatten: a dense layer takes any shape.</summary>
public sealed class ReshapeLayer : Layer
{
    /// <summary>A layer that gives its values a shape.</summary>
    /// <param name="shape">The shape of one row, of as many values as the shape before it. Values lie row-major in both.</param>
    /// <exception cref="ArgumentException"><paramref name="shape"/> has no dimension.</exception>
    public ReshapeLayer(Shape shape)
    {
        if (shape.Size == 0)
            throw new ArgumentException("The shape has no dimension.", nameof(shape));
        Shape = shape;
    }

    /// <summary>The shape of one row.</summary>
    public Shape Shape { get; }

    /// <summary>Such as "Reshape 28 x 28 x 1".</summary>
    public override string ToString() => $"Reshape {Shape}";

    internal static Layer Read(BinaryReader reader)
    {
        var dimensions = new int[Math.Min((int)reader.ReadByte(), Shape.MaxDimensions + 1)];
        for (var i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        return new ReshapeLayer(new Shape(dimensions));
    }

    /// <summary>Byte number of dimensions, then each as int32.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write((byte)Shape.Dimensions.Length);
        foreach (var dimension in Shape.Dimensions)
            writer.Write(dimension);
    }

    internal override Shape OutputShape(Shape input) => input.Size == Shape.Size ? Shape
        : throw new ArgumentException(FormattableString.Invariant($"It needs {Shape.Size:N0} values, and there are {input.Size:N0}."));

    internal override int[] Sources(Shape input) => [.. Enumerable.Range(0, input.Size)];

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => input.Reshaped(Shape);

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes();

    private sealed class Passes : LayerPasses
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass) => pass.Input.CopyTo(pass.Output);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            if (!pass.InputGradient.IsEmpty)
                pass.OutputGradient.CopyTo(pass.InputGradient);
        }
    }
}
