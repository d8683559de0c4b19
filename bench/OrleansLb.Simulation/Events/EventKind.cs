namespace OrleansLb.Simulation.Events;

internal enum EventKind
{
    Arrival,
    Departure,
    PatienceEnds,
    Wake,
    ReportArrives,
    ReplyArrives,
    Fails,
    Returns,
    Judged,
    VerdictArrives,
    MeasuringBegins,
    MeasuringEnds,
}
