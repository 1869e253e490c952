// Usage: ScoreSavedModel MODEL ROWS: loads a model and prints its output schema, then the bits of the scores of the rows (an IDV file).

using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
var scored = model.Transform(mlContext.Data.LoadFromBinary(args[1]));

foreach (var column in scored.Schema)
    Console.WriteLine($"{column.Name}: {column.Type}");

var score = scored.Schema["Score"];
using var cursor = scored.GetRowCursor([score]);
if (score.Type is VectorDataViewType)
{
    var getter = cursor.GetGetter<VBuffer<float>>(score);
    var values = default(VBuffer<float>);
    while (cursor.MoveNext())
    {
        getter(ref values);
        Console.WriteLine(string.Join(' ', values.DenseValues().Select(Bits)));
    }
}
else
{
    var getter = cursor.GetGetter<float>(score);
    var value = 0f;
    while (cursor.MoveNext())
    {
        getter(ref value);
        Console.WriteLine(Bits(value));
    }
}

static string Bits(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
