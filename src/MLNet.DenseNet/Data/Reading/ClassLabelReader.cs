using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Data;

/// <summary>Labels that are classes: keys and Booleans.</summary>
internal sealed class ClassLabelReader : LabelReader
{
    private const int Missing = -1;

    private readonly Func<int> _read;
    private int _current;

    public ClassLabelReader(DataViewRow row, RowColumns columns)
    {
        if (columns.Label.Type is KeyDataViewType)
        {
            // A key counts from 1; 0 is a missing value.
            var key = 0u;
            var getter = row.GetGetter<uint>(columns.Label);
            _read = () =>
            {
                getter(ref key);
                if (columns.ClassOfKey is { } classes)
                    return key <= classes.Length && key > 0 ? classes[key - 1] : Missing;
                return key <= columns.ClassCount ? (int)key - 1 : Missing;
            };
        }
        else
        {
            var value = false;
            var getter = row.GetGetter<bool>(columns.Label);
            _read = () =>
            {
                getter(ref value);
                return value ? 1 : 0;
            };
        }
    }

    public override int Class => _current;

    public override bool TryRead(long number) => (_current = _read()) != Missing;

    public override void AddTo(RowBuffer rows) => rows.Classes.Add(1)[0] = _current;
}
