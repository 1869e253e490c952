using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet;

/// <summary>Checks that columns are what a trainer takes, as ML.NET's own check does, and says in addition what to do where one is not.</summary>
internal static class ColumnCheck
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type; the message names role, column and both types, and says what makes the one of the other.</exception>
    public static void Check(IHost host, SchemaShape schema, string role, SchemaShape.Column expected)
    {
        if (expected.IsValid)
            Check(host, schema, role, expected, expected.GetTypeString(), expected.IsCompatibleWith);
    }

    /// <summary>Checks a column that may be of several types.</summary>
    /// <param name="host">Throws.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="role">What the column is to the trainer.</param>
    /// <param name="expected">The one of the types that a column of another is advised to be made of.</param>
    /// <param name="types">All of them, in words.</param>
    /// <param name="isTaken">Whether a column is of one of them.</param>
    /// <param name="expectedKey">The type that a key is advised to be made of; null for <paramref name="expected"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void Check(IHost host, SchemaShape schema, string role, SchemaShape.Column expected, string types, Func<SchemaShape.Column, bool> isTaken, SchemaShape.Column? expectedKey = null)
    {
        if (!schema.TryFindColumn(expected.Name, out var actual))
            throw host.ExceptSchemaMismatch(nameof(schema), role, expected.Name);
        if (!isTaken(actual))
            throw host.ExceptSchemaMismatch(nameof(schema), role, expected.Name, types, actual.GetTypeString() + Advice(actual.IsKey && expectedKey is { } key ? key : expected, actual));
    }

    /// <summary>Checks the column of features: a vector of numbers, a key, or a vector of keys.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void CheckFeatures(IHost host, SchemaShape schema, SchemaShape.Column expected)
    {
        if (!HasKeys(schema, expected))
            Check(host, schema, "feature", expected);
    }

    /// <summary>Asks for the columns after fitting with a vector of numbers as features, where there are keys: a network takes these too, and ML.NET's trainers do not.</summary>
    /// <param name="schema">The columns before.</param>
    /// <param name="features">Those that ML.NET expects.</param>
    /// <param name="outputSchema">Gives the columns after fitting for those before.</param>
    /// <param name="isHidden">Whether an output has the name of the features, and hides them.</param>
    /// <returns>The columns after fitting, with the features as they are.</returns>
    public static SchemaShape WithFeatures(SchemaShape schema, SchemaShape.Column features, Func<SchemaShape, SchemaShape> outputSchema, bool isHidden)
    {
        if (!HasKeys(schema, features))
            return outputSchema(schema);
        var output = outputSchema(With(schema, features));
        return isHidden ? output : With(output, schema.Single(column => column.Name == features.Name));

        static SchemaShape With(SchemaShape schema, SchemaShape.Column features) => new(schema.Select(column => column.Name == features.Name ? features : column));
    }

    private static bool HasKeys(SchemaShape schema, SchemaShape.Column features) =>
        schema.TryFindColumn(features.Name, out var actual) && actual is { IsKey: true, Kind: not SchemaShape.Column.VectorKind.VariableVector };

    /// <summary>Checks the column of the groups of rows: a key, or whole numbers that are no key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static void CheckGroup(IHost host, SchemaShape schema, string role, SchemaShape.Column expected)
    {
        if (expected.IsValid)
            Check(host, schema, role, expected, "a key, UInt32 or UInt64", actual => actual.Kind == SchemaShape.Column.VectorKind.Scalar && (actual.IsKey || actual.ItemType == NumberDataViewType.UInt32 || actual.ItemType == NumberDataViewType.UInt64));
    }

    /// <summary>The names of a column's slots, as far as there are any, for columns that will have the same.</summary>
    public static IEnumerable<SchemaShape.Column> SlotNames(SchemaShape schema, SchemaShape.Column column) =>
        schema.Single(actual => actual.Name == column.Name).Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.SlotNames);

    /// <summary>Says what makes a column what it should be, to follow the type that it has; empty where nothing is known.</summary>
    public static string Advice(SchemaShape.Column expected, SchemaShape.Column actual) => (expected.Kind, actual.Kind) switch
    {
        (SchemaShape.Column.VectorKind.Vector, SchemaShape.Column.VectorKind.VariableVector) =>
            ", a vector of unknown size. Put [VectorType(n)] with its length n on the property, or set the column's type in a SchemaDefinition",
        (SchemaShape.Column.VectorKind.Scalar, not SchemaShape.Column.VectorKind.Scalar) => ". It has to be one value a row",
        // ConvertType makes a key of a key, but promises none before it is fitted.
        _ when expected.IsKey && actual.IsKey => $". Conversion.MapValueToKey makes a key of {expected.ItemType} of it",
        _ when expected.IsKey => ". Conversion.MapValueToKey makes a key of values of any type",
        _ when actual.IsKey && expected.Kind == SchemaShape.Column.VectorKind.Vector => ". Conversion.MapKeyToVector makes a vector of a key",
        _ when actual.IsKey => ". A key stands for a category: Conversion.MapKeyToValue gives the value back",
        (SchemaShape.Column.VectorKind.Vector, _) when actual.ItemType is TextDataViewType =>
            ". Text.FeaturizeText makes a vector of a text, Categorical.OneHotEncoding of a category, Conversion.ConvertType a number of its digits",
        _ when actual.ItemType is DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType =>
            ". CustomMapping makes numbers of a time, such as the hour, the day of the week and of the year, and the days since a first one",
        // A type of Microsoft.ML.ImageAnalytics.
        _ when actual.ItemType.RawType.Name == "MLImage" => ". ResizeImages and then ExtractPixels make a vector of an image",
        _ when !expected.ItemType.Equals(actual.ItemType) => $". Conversion.ConvertType makes {expected.ItemType} of numbers, Booleans and text"
            + (expected.Kind == actual.Kind ? "" : ", Concatenate then a vector of one or more columns"),
        (SchemaShape.Column.VectorKind.Vector, _) => ". Concatenate makes a vector of one or more columns",
        _ => "",
    };
}
