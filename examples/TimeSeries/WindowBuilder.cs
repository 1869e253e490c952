namespace TimeSeries;

/// <summary>The state of the mapping that makes a window of each day: what is known of the days before.</summary>
internal sealed class WindowBuilder
{
    private readonly List<float> _ridership = [];
    private readonly Queue<float[]> _steps = new();

    public static void Start(WindowBuilder empty)
    {
    }

    public static void Map(Day day, Window window, WindowBuilder days) => days.Add(day, window);

    private void Add(Day day, Window window)
    {
        if (_ridership.Count > 0)
            _steps.Enqueue(Step(_ridership[^1], day.Date));
        if (_steps.Count > Window.Steps)
            _steps.Dequeue();
        window.IsFull = _steps.Count == Window.Steps;
        window.Features = window.IsFull ? [.. _steps.SelectMany(step => step)] : new float[Window.Steps * Window.Channels];
        window.AWeekBefore = _ridership.Count >= 7 ? _ridership[^7] : float.NaN;
        _ridership.Add(day.Ridership);
    }

    private static float[] Step(float dayBefore, DateTime date)
    {
        var step = new float[Window.Channels];
        step[0] = dayBefore;
        step[1 + (int)date.DayOfWeek] = 1;
        step[^1] = DaysOff.Contains(date) ? 1 : 0;
        return step;
    }
}
