using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>A column that an evaluation needs.</summary>
/// <param name="Role">What it is to the evaluation.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsVector">Whether it is a known-size vector, or a single value.</param>
/// <param name="Items">What its values may be.</param>
internal sealed record EvaluatedColumn(string Role, string Name, bool IsVector, params PrimitiveDataViewType[] Items)
{
    private string Expected => $"{(IsVector ? "a known-size vector of " : "")}{string.Join(" or ", Items.Select(item => item.ToString()))}";

    /// <summary>Checks it before anything is trained that makes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or another one.</exception>
    public void Check(IExceptionContext context, string parameter, SchemaShape schema, string otherwise)
    {
        if (!schema.TryFindColumn(Name, out var column))
            throw context.ExceptSchemaMismatch(parameter, Role, Name);
        if (column.Kind != (IsVector ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar) || column.IsKey || !Items.Contains(column.ItemType))
            throw context.ExceptSchemaMismatch(parameter, Role, Name, $"{Expected} ({otherwise})", column.GetTypeString());
    }

    /// <summary>Refuses labels that predictions of the same name hide, which would be compared with themselves.</summary>
    /// <param name="context">Throws.</param>
    /// <param name="parameter">What the data is called by the caller.</param>
    /// <param name="predictions">The columns of predictions.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column of predictions has the name of this one.</exception>
    public void CheckNotHidden(IExceptionContext context, string parameter, params IEnumerable<EvaluatedColumn> predictions)
    {
        if (predictions.FirstOrDefault(prediction => prediction.Name == Name) is { } hiding)
            throw context.ExceptParam(parameter, $"The {Role} column is '{Name}', which is the {hiding.Role} column too: predictions would be compared with themselves. Give the column another name before the trainer, as by CopyColumns.");
    }

    /// <summary>Finds it in the data to evaluate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or another one.</exception>
    public DataViewSchema.Column Find(IExceptionContext context, IDataView data)
    {
        var column = data.Schema.GetColumnOrNull(Name) ?? throw context.ExceptSchemaMismatch(nameof(data), Role, Name);
        var isRight = (IsVector ? column.Type is VectorDataViewType { IsKnownSize: true } : column.Type is not VectorDataViewType) && Items.Contains(column.Type.GetItemType());
        return isRight ? column : throw context.ExceptSchemaMismatch(nameof(data), Role, Name, Expected, column.Type.ToString());
    }
}
