using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Tests.Protocols;

/// <summary>Sends back every message until the client closes.</summary>
internal static class WebSocketEcho
{
    internal static async Task Serve(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
    }
}
