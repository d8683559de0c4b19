namespace OrleansLb.Core.Tests.Balancing.Exchange;

public enum NetworkStepKind
{
    Change,
    Send,
    DeliverReport,
    DeliverReply,
    Wait,
    RestartPool,
    RestartFrontend,
    Leave,
}
