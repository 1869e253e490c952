using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Onnx;

/// <summary>A graph in the format of an ONNX file.</summary>
internal static class OnnxFile
{
    // The version of the format that came with the operators of version 12.
    private const int FormatVersion = 7;

    // Protocol buffers hold up to 2 GiB. What is not a constant takes much less than this.
    private const long MostConstantBytes = int.MaxValue - (64L << 20);

    private const string Batch = "batch";

    /// <exception cref="NotSupportedException">The constants are too large for one file.</exception>
    public static ModelProto Of(OnnxGraph graph)
    {
        CheckSize(graph.Constants.Sum(constant => constant.Values.LongLength * (constant.Values is long[]? sizeof(long) : sizeof(float))));
        var proto = new GraphProto { Name = "network" };
        proto.Input.AddRange(graph.Inputs.Select(Value));
        proto.Output.AddRange(graph.Outputs.Select(Value));
        proto.Initializer.AddRange(graph.Constants.Select(Tensor));
        proto.Node.AddRange(graph.Nodes.Select(Node));
        var model = new ModelProto { IrVersion = FormatVersion, ProducerName = "MLNet.DenseNet", ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version!.ToString(3), Graph = proto };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OnnxGraph.LatestOperators });
        return model;
    }

    /// <exception cref="NotSupportedException">So many bytes of constants are too many for one file.</exception>
    internal static void CheckSize(long bytes)
    {
        if (bytes > MostConstantBytes)
            throw new NotSupportedException(FormattableString.Invariant($"An ONNX file holds up to 2 GiB; the weights take {bytes / (double)(1 << 30):N1} GiB."));
    }

    private static ValueInfoProto Value((string Name, Shape Shape) value)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Batch });
        foreach (var dimension in value.Shape.Dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }

    private static TensorProto Tensor(OnnxConstant constant)
    {
        var tensor = new TensorProto { Name = constant.Name };
        switch (constant.Values)
        {
            case float[] numbers:
                (tensor.DataType, tensor.RawData) = ((int)TensorProto.Types.DataType.Float, ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(numbers)));
                break;
            case long[] numbers:
                (tensor.DataType, tensor.RawData) = ((int)TensorProto.Types.DataType.Int64, ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(numbers)));
                break;
            default:
                throw new NotSupportedException($"The constant '{constant.Name}' is a {constant.Values.GetType()}.");
        }

        tensor.Dims.AddRange(constant.Dimensions);
        return tensor;
    }

    private static NodeProto Node(OnnxNode node, int index)
    {
        var proto = new NodeProto { Name = FormattableString.Invariant($"{node.Operator}_{index}"), OpType = node.Operator };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(Attribute));
        return proto;
    }

    private static AttributeProto Attribute((string Name, object Value) attribute)
    {
        var proto = new AttributeProto { Name = attribute.Name };
        switch (attribute.Value)
        {
            case long number:
                (proto.I, proto.Type) = (number, AttributeProto.Types.AttributeType.Int);
                break;
            case float number:
                (proto.F, proto.Type) = (number, AttributeProto.Types.AttributeType.Float);
                break;
            case string text:
                (proto.S, proto.Type) = (ByteString.CopyFromUtf8(text), AttributeProto.Types.AttributeType.String);
                break;
            case long[] numbers:
                proto.Ints.AddRange(numbers);
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case string[] texts:
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            default:
                throw new NotSupportedException($"The attribute '{attribute.Name}' is a {attribute.Value.GetType()}.");
        }

        return proto;
    }
}
