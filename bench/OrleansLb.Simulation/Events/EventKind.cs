namespace OrleansLb.Simulation.Events;

internal enum EventKind
{
    Arrival,
    Departure,
    Wake,
    ReportArrives,
    ReplyArrives,
    Fails,
    Returns,
    MeasuringBegins,
    MeasuringEnds,
}
