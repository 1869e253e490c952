namespace ImageFiles;

internal enum Shape
{
    Disc,
    Ring,
    Square,
    Triangle,
    Star,
    Cross,
}
