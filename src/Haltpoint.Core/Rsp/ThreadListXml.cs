using System;
using Haltpoint.Targets;

namespace Haltpoint.Rsp;

/// <summary>The document behind <c>qXfer:threads:read</c> (gdb manual, "Thread List Format"), written piece by piece.</summary>
/// <remarks>
/// The element that a transfer ended in is kept, so that going on in the middle of it gives the rest of the same text
/// even when the thread has moved to another CPU since. Reading from before it starts anew.
/// </remarks>
internal unsafe struct ThreadListXml<TTarget>
    where TTarget : struct, ITarget<TTarget>
{
    // Fits "<thread id= core= name=></thread>" with a name and words of which each byte needs six.
    private const int PieceLength = 512;
    private const int NameLength = 16;
    private const int InfoLength = 40;

    private enum Stage : byte
    {
        Head,
        Threads,
        Tail,
        Done,
    }

    private fixed byte _piece[PieceLength];
    private int _pieceLength;
    private ulong _pieceOffset;
    private ThreadId _thread;
    private Stage _stage;

    /// <returns>Bytes written; fewer than there is room for only at the end.</returns>
    public int Read(ref TTarget target, bool multiprocess, ulong offset, Span<byte> into)
    {
        if (offset == 0 || offset < _pieceOffset)
        {
            _stage = Stage.Head;
            _pieceOffset = 0;
            _pieceLength = 0;
            NextPiece(ref target, multiprocess);
        }

        int written = 0;
        while (written < into.Length && _pieceLength != 0)
        {
            ulong at = offset + (uint)written - _pieceOffset;
            if (at >= (uint)_pieceLength)
            {
                NextPiece(ref target, multiprocess);
                continue;
            }

            int count = Math.Min(_pieceLength - (int)at, into.Length - written);
            fixed (byte* piece = _piece)
            {
                new ReadOnlySpan<byte>(piece + at, count).CopyTo(into[written..]);
            }

            written += count;
        }

        return written;
    }

    private void NextPiece(ref TTarget target, bool multiprocess)
    {
        _pieceOffset += (uint)_pieceLength;
        fixed (byte* piece = _piece)
        {
            ReplyWriter writer = new(piece, PieceLength);
            WriteNextPiece(ref target, multiprocess, ref writer);
            _pieceLength = writer.Length;
        }
    }

    private void WriteNextPiece(ref TTarget target, bool multiprocess, ref ReplyWriter writer)
    {
        switch (_stage)
        {
            case Stage.Head:
                writer.Text("<threads>\n"u8);
                _stage = Stage.Threads;
                _thread = ThreadId.None;
                break;

            case Stage.Threads when TTarget.TryNextThread(ref target, ref _thread):
                WriteThread(ref target, multiprocess, ref writer);
                break;

            case Stage.Threads:
                writer.Text("</threads>\n"u8);
                _stage = Stage.Done;
                break;
        }
    }

    private readonly void WriteThread(ref TTarget target, bool multiprocess, ref ReplyWriter writer)
    {
        writer.Text("<thread id=\""u8);
        writer.Thread(_thread, multiprocess);
        writer.Byte((byte)'"');
        int cpu = TTarget.LastCpu(ref target, _thread);
        if (cpu >= 0)
        {
            writer.Text(" core=\""u8);
            writer.Decimal((uint)cpu);
            writer.Byte((byte)'"');
        }

        Span<byte> name = stackalloc byte[NameLength];
        int length = TTarget.ReadThreadName(ref target, _thread, name);
        if (length > 0)
        {
            writer.Text(" name=\""u8);
            XmlText.Write(name[..length], ref writer);
            writer.Byte((byte)'"');
        }

        Span<byte> info = stackalloc byte[InfoLength];
        length = TTarget.ReadThreadInfo(ref target, _thread, info);
        if (length > 0)
        {
            writer.Byte((byte)'>');
            XmlText.Write(info[..length], ref writer);
            writer.Text("</thread>\n"u8);
        }
        else
        {
            writer.Text("/>\n"u8);
        }
    }
}
