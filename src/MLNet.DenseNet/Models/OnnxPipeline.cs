using Microsoft.ML.Model.OnnxConverter;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>Puts a model's graph into the ONNX model of a pipeline, which mlContext.Model.ConvertToOnnx makes.</summary>
internal static class OnnxPipeline
{
    /// <summary>The names of a model's outputs.</summary>
    public const string Score = "score";

    public const string Probability = "probability";

    /// <summary>Declares the features as the input of a graph.</summary>
    /// <returns>The features as the network takes them.</returns>
    public static OnnxRows AddFeatures(OnnxGraph graph, FeatureLayout layout)
    {
        var (shape, planes) = (layout.Shape, layout.Planes);
        var rows = layout.Keys is { AreNumbers: false } keys ? AddKeys(graph, keys) : graph.Input("features", shape.Size);
        return planes == 1 ? OnnxRows.OfPlain(graph, shape, rows)
            : OnnxRows.OfPlain(graph, shape, graph.Reshape(graph.Transpose(graph.Reshape(rows, planes, shape.Size / planes), 0, 2, 1), shape.Size));
    }

    /// <summary>Declares keys as the input of a graph, and compares each with all that there are: a missing one, 0, is none of them.</summary>
    /// <returns>The keys, one-hot.</returns>
    private static string AddKeys(OnnxGraph graph, KeyFeatures keys)
    {
        // Only whole numbers can be compared in all versions of the standard.
        var numbers = graph.Node("Cast", [graph.Input("features", keys.Length)], ("to", OnnxTypes.Int64));
        var all = graph.Constant("keys", [.. Enumerable.Range(1, keys.Count).Select(key => (long)key)]);
        var areThere = graph.Node("Equal", [graph.Reshape(numbers, keys.Length, 1), all]);
        return graph.Reshape(graph.Node("Cast", [areThere], ("to", OnnxTypes.Float)), keys.Size);
    }

    /// <summary>Adds all of a graph.</summary>
    /// <param name="graph">The graph of a model, with one input.</param>
    /// <param name="context">The pipeline.</param>
    /// <param name="features">The variable that becomes the input.</param>
    /// <param name="outputs">The variables to be filled, as ML.NET's scorers order them: of a regression [Score], else [PredictedLabel, Score] or [PredictedLabel, Score, Probability].</param>
    public static void Add(OnnxGraph graph, OnnxContext context, string features, IReadOnlyList<string> outputs)
    {
        var names = new Dictionary<string, string> { [Score] = outputs[outputs.Count == 1 ? 0 : 1] };
        if (outputs.Count > 2)
            names[Probability] = outputs[2];
        Add(graph, context, features, names);
    }

    /// <summary>Adds all of a graph.</summary>
    /// <param name="graph">With one input.</param>
    /// <param name="context">The pipeline.</param>
    /// <param name="features">The variable that becomes the input.</param>
    /// <param name="names">The names of the graph's outputs, with the variables to be filled; those of other values are added.</param>
    public static void Add(OnnxGraph graph, OnnxContext context, string features, Dictionary<string, string> names)
    {
        context.CheckOpSetVersion(OnnxGraph.OldestOperators, "DenseNeuralNet");
        names[""] = "";
        names[graph.Inputs.Single().Name] = features;
        foreach (var constant in graph.Constants)
        {
            names[constant.Name] = constant.Values is float[] numbers
                ? context.AddInitializer(numbers, constant.Dimensions, constant.Name)
                : context.AddInitializer((long[])constant.Values, constant.Dimensions, constant.Name);
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var output in node.Outputs)
            {
                // ONNX finds the types and shapes by itself.
                if (!names.ContainsKey(output))
                    names[output] = context.AddIntermediateVariable(null, output, skip: true);
            }

            Add(node, context.CreateNode(node.Operator, node.Inputs.Select(input => names[input]), node.Outputs.Select(output => names[output]), context.GetNodeName(node.Operator), ""));
        }
    }

    /// <summary>The variable of a feature column as a model takes it: (batch x values), where some of ML.NET's operators, such as that of OneHotEncoding, put out more dimensions. Keys, whole numbers in a pipeline, become Single.</summary>
    /// <param name="context">The pipeline.</param>
    /// <param name="column">The variable of the column.</param>
    /// <param name="layout">How the column gives what the network takes.</param>
    public static string Features(OnnxContext context, string column, FeatureLayout layout)
    {
        var values = column;
        if (layout.Keys is not null)
        {
            values = context.AddIntermediateVariable(null, "KeyNumbers", skip: true);
            context.CreateNode("Cast", column, values, context.GetNodeName("Cast"), "").AddAttribute("to", OnnxTypes.Float);
        }

        // A 0 stands for the batch.
        var shape = context.AddInitializer((long[])[0, layout.Keys?.Length ?? layout.Shape.Size], [2], "shape");
        var features = context.AddIntermediateVariable(null, "Features", skip: true);
        context.CreateNode("Reshape", [values, shape], [features], context.GetNodeName("Reshape"), "");
        return features;
    }

    /// <summary>Adds a predicted label: the key of the highest score, from 1, (batch x 1); 0 where scores are no number.</summary>
    /// <param name="context">The pipeline.</param>
    /// <param name="scores">The variable of the scores, (batch x classes).</param>
    /// <param name="label">The variable to be filled.</param>
    public static void AddPredictedLabel(OnnxContext context, string scores, string label)
    {
        var (argMax, index) = Made("ArgMax", scores);
        argMax.AddAttribute("axis", 1L);
        argMax.AddAttribute("keepdims", 1L);
        var (_, key) = Made("Add", index, context.AddInitializer(1L, "one"));
        // Scores that are no number, of a row that misses a feature, tell no class.
        var (reduceSum, sum) = Made("ReduceSum", scores);
        reduceSum.AddAttribute("axes", [1L]);
        reduceSum.AddAttribute("keepdims", 1L);
        var (_, isMissing) = Made("IsNaN", sum);
        var (_, known) = Made("Where", isMissing, context.AddInitializer(0L, "none"), key);
        context.CreateNode("Cast", known, label, context.GetNodeName("Cast"), "").AddAttribute("to", OnnxTypes.UInt32);

        (Microsoft.ML.Model.OnnxConverter.OnnxNode Node, string Output) Made(string operation, params string[] inputs)
        {
            var output = context.AddIntermediateVariable(null, operation, skip: true);
            return (context.CreateNode(operation, inputs, [output], context.GetNodeName(operation), ""), output);
        }
    }

    private static void Add(Engine.OnnxNode from, Microsoft.ML.Model.OnnxConverter.OnnxNode to)
    {
        foreach (var (name, value) in from.Attributes)
        {
            switch (value)
            {
                case long number:
                    to.AddAttribute(name, number);
                    break;
                case float number:
                    to.AddAttribute(name, (double)number);
                    break;
                case string text:
                    to.AddAttribute(name, text);
                    break;
                case long[] numbers:
                    to.AddAttribute(name, numbers);
                    break;
                case string[] texts:
                    to.AddAttribute(name, texts);
                    break;
                default:
                    throw new NotSupportedException($"The attribute '{name}' is a {value.GetType()}.");
            }
        }
    }
}
