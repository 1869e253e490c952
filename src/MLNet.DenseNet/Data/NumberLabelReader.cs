using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are numbers: one, or a vector of them.</summary>
internal sealed class NumberLabelReader(int outputs) : LabelReader
{
    private readonly FloatBlock _targets = new("labels");
    private readonly float[] _current = new float[outputs];
    private Action _read = () => { };

    public override void Bind(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is VectorDataViewType)
        {
            var value = default(VBuffer<float>);
            var getter = row.GetGetter<VBuffer<float>>(label);
            _read = () =>
            {
                getter(ref value);
                value.CopyTo(_current);
            };
        }
        else
        {
            var getter = row.GetGetter<float>(label);
            _read = () => getter(ref _current[0]);
        }
    }

    public override bool TryRead()
    {
        _read();
        return Array.TrueForAll(_current, float.IsFinite);
    }

    public override void Keep() => _current.CopyTo(_targets.Add(outputs));

    public override Dataset ToDataset(int inputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> weights) =>
        Dataset.FromTargets(inputs, outputs, features, _targets.Values, weights);
}
